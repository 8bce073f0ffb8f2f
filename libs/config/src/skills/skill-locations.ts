import { isAbsolute, join } from 'node:path';
import type { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { wayUp } from '../sources.js';

/** Folders of other agents whose skills are taken along. */
const FOREIGN = ['.claude', '.agents'];
const FOLDERS = ['skill', 'skills'];

/** Folders below which skills may be, in the order in which a later one of the same name wins. */
export async function skillLocations(
  environment: Environment,
  instance: Instance,
  directories: readonly string[],
): Promise<string[]> {
  const foreign = withoutForeign(environment)
    ? []
    : [environment.paths.home, ...(await wayUp(instance))].flatMap((folder) =>
        FOREIGN.map((name) => join(folder, name, 'skills')),
      );
  const own = directories.flatMap((directory) => FOLDERS.map((name) => join(directory, name)));
  return [...new Set([...foreign, ...own])];
}

/** A folder of `skills.paths`. */
export function namedLocation({ paths }: Environment, { directory }: Instance, path: string): string {
  if (path === '~' || path.startsWith('~/')) return join(paths.home, path.slice(1));
  return isAbsolute(path) ? path : join(directory, path);
}

function withoutForeign(environment: Environment): boolean {
  return environment.flag(
    'OPENCODE_DISABLE_EXTERNAL_SKILLS',
    'OPENCODE_DISABLE_CLAUDE_CODE',
    'OPENCODE_DISABLE_CLAUDE_CODE_SKILLS',
  );
}
