import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { statOf } from '#libs/file';

/** Order of names for people: punctuation first, capitals beside small letters. */
const byName = new Intl.Collator('en').compare;

/** Names in a directory, sorted; those of directories, and of links to directories, end in `/`. */
export async function listDirectory(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = await Promise.all(
    entries.map(async (entry) => ((await isDirectory(path, entry)) ? `${entry.name}/` : entry.name)),
  );
  return names.sort(byName);
}

async function isDirectory(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  // a link that leads round in circles leads nowhere
  const target = await statOf(join(path, entry.name)).catch(() => undefined);
  return target?.isDirectory() ?? false;
}

/** Names like the one that was not found. */
export function similarNames(names: readonly string[], wanted: string): string[] {
  const lower = wanted.toLowerCase();
  return names.filter((name) => name.toLowerCase().includes(lower) || lower.includes(name.toLowerCase())).slice(0, 3);
}
