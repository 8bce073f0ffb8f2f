import { readdir, stat } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';

/** How deep a program may lie in what was installed. */
const DEPTH = 4;

/** Absolute path of a file in a tree: the first of the names, or globs of names, that is found; the highest one of it. */
export async function findFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  const files: string[][] = names.map(() => []);
  let level = [folder];
  for (let depth = 0; depth <= DEPTH; depth++) {
    const below: string[] = [];
    for (const parent of level) {
      for (const entry of await readdir(parent, { withFileTypes: true })) {
        const path = join(parent, entry.name);
        if (entry.isDirectory()) below.push(path);
        else if (await isFile(path))
          names.forEach((name, index) => matchesGlob(entry.name, name) && files[index]?.push(path));
      }
    }
    level = below;
  }
  return files.flat()[0];
}

const isFile = (path: string) =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
