import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '#libs/extension';

/** Where projects keep programs of their own. */
const LOCAL = ['node_modules/.bin', '.venv/bin', 'venv/bin', 'vendor/bin'];

/**
 * Absolute path of an executable: those of the given folders first (see {@link LOCAL}), then those of `PATH`.
 * Undefined when there is none.
 */
export async function findProgram(
  name: string,
  folders: Iterable<string>,
  environment: Environment,
): Promise<string | undefined> {
  if (isAbsolute(name)) return (await isExecutable(name)) ? name : undefined;
  for (const folder of folders) {
    for (const local of LOCAL) {
      const path = join(folder, local, name);
      if (await isExecutable(path)) return path;
    }
  }
  return findInPath(name, environment);
}

/** Absolute path of an executable of `PATH`. */
export async function findInPath(name: string, environment: Environment): Promise<string | undefined> {
  for (const folder of (environment.variables['PATH'] ?? '').split(delimiter)) {
    // an empty entry means the working directory, which is whose?
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
