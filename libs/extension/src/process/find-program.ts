import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Whether a path is a file that can be run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Absolute path of the first program of a name on a search path.
 * @param path as in the variable `PATH`
 * @param cwd where folders that are not absolute begin; without it they are passed by: it is not clear whose they are
 */
export async function findOnPath(name: string, path = '', cwd?: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (cwd === undefined && !isAbsolute(folder)) continue;
    const candidate = join(resolve(cwd ?? '/', folder), name);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}
