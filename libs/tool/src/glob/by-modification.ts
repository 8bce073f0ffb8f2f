import { statOf } from '#libs/file';

/** The paths, most recently changed first. */
export async function byModification(paths: readonly string[]): Promise<string[]> {
  const dated = await Promise.all(
    paths.map(async (path) => ({ path, time: (await statOf(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return dated.sort((a, b) => b.time - a.time).map(({ path }) => path);
}
