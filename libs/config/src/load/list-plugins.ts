import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadContext } from './load-context.js';

const FOLDERS = ['plugin', 'plugins'];
const SCRIPT = /\.[jt]s$/;

/** The plugin files of a configuration directory, as URLs. */
export async function listPlugins(directory: string, { trail }: LoadContext): Promise<string[]> {
  const found: string[] = [];
  for (const name of FOLDERS) {
    const folder = join(directory, name);
    await trail.note(folder);
    const names = await readdir(folder).catch(() => []);
    const scripts = names.filter((each) => SCRIPT.test(each) && !each.endsWith('.d.ts')).sort();
    found.push(...scripts.map((each) => pathToFileURL(join(folder, each)).href));
  }
  return found;
}
