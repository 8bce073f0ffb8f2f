import { stat } from 'node:fs/promises';

/** Whether there is something at a path, links followed. */
export async function exists(path: string): Promise<boolean> {
  return (await statsOf(path)) !== undefined;
}

export async function isDirectory(path: string): Promise<boolean> {
  return (await statsOf(path))?.isDirectory() ?? false;
}

/** Those of some paths at which there are directories. */
export async function existingDirectories(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(isDirectory));
  return paths.filter((_, index) => found[index]);
}

const statsOf = (path: string) => stat(path).catch(() => undefined);
