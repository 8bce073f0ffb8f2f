import { basename, delimiter, isAbsolute } from 'node:path';
import { findOnPath, isProgram } from '#libs/extension';

/** Shells with a language of their own. */
const FOREIGN = new Set(['fish', 'nu']);

/**
 * The shell that runs commands: the user's, unless its language is another one; else the one named for systems that bring
 * none; else bash, else sh.
 */
export async function findShell(variables: Readonly<Record<string, string | undefined>>): Promise<string> {
  const own = variables['SHELL'];
  const candidates = [
    ...(own !== undefined && isAbsolute(own) && !FOREIGN.has(basename(own)) ? [own] : []),
    variables['OPENCODE_GIT_BASH_PATH'] ?? '',
  ];
  for (const path of candidates) if (await isProgram(path)) return path;
  return (await findOnPath('bash', `${variables['PATH'] ?? ''}${delimiter}/bin`)) ?? '/bin/sh';
}
