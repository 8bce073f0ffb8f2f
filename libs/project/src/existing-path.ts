import { stat } from 'node:fs/promises';
import { isDirectory } from '#libs/instance';

/** Whether there is something at a path, links followed. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Those of some paths at which there are directories. */
export async function existingDirectories(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(isDirectory));
  return paths.filter((_, index) => found[index]);
}
