import { access, constants, stat } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join } from 'node:path';

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
    ...(variables['PATH'] ?? '')
      .split(delimiter)
      .filter(isAbsolute)
      .map((directory) => join(directory, 'bash')),
    '/bin/bash',
  ];
  for (const path of candidates) if (await isProgram(path)) return path;
  return '/bin/sh';
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
