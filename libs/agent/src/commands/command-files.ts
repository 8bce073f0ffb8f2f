import { type Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CommandConfig, ConfigInvalidError, validateInput } from '#libs/contract';
import { readFrontMatter } from './front-matter.js';

const FOLDERS = ['command', 'commands'];
const EXTENSION = '.md';
/** A template is a text for a model: what is larger is something else. */
const MAX_SIZE = 1024 * 1024;

/**
 * The commands in the Markdown files of a configuration directory, by name: the path without `.md`. The front matter
 * holds their settings, the text behind it is the template.
 * @throws ConfigInvalidError
 */
export async function readCommandFiles(directory: string): Promise<Map<string, CommandConfig>> {
  const commands = new Map<string, CommandConfig>();
  for (const folder of FOLDERS) {
    const root = join(directory, folder);
    for (const path of await markdownIn(root)) {
      const name = relative(root, path).slice(0, -EXTENSION.length).split(sep).join('/');
      commands.set(name, await readCommand(path));
    }
  }
  return commands;
}

async function markdownIn(root: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ConfigInvalidError({ path: root, message: `The commands in it cannot be read (${code})` });
  }
  const paths = entries
    .filter((entry) => entry.name.endsWith(EXTENSION) && (entry.isFile() || entry.isSymbolicLink()))
    .map((entry) => join(entry.parentPath, entry.name));
  return paths.sort();
}

async function readCommand(path: string): Promise<CommandConfig> {
  const { data, body } = await readDocument(path);
  const { value, issues } = validateInput(CommandConfig, { ...data, template: body.trim() });
  if (issues) throw new ConfigInvalidError({ path, issues });
  return value;
}

async function readDocument(path: string) {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > MAX_SIZE) throw new Error('It is no text file of at most 1 MiB');
    return readFrontMatter(await readFile(path, 'utf8'));
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigInvalidError({ path, message: `The command cannot be read: ${message}` });
  }
}
