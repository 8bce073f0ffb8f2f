import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { assertOrdinary, statOf } from '#libs/file';
import type { Instance } from '#libs/instance';
import { countLines, patchText } from '../project-file/patch.js';
import { applyChunks } from './apply-chunks.js';
import type { PatchSection } from './parse-patch.js';

/** One file that a patch changes, as clients show it. */
export interface PatchedFile {
  /** Absolute; of a move: where it comes from. */
  filePath: string;
  /** Relative to the worktree; of a move: where it goes to. */
  relativePath: string;
  type: 'add' | 'update' | 'move' | 'delete';
  diff: string;
  before: string;
  after: string;
  additions: number;
  deletions: number;
  /** Absolute; of a move: where it goes to. */
  movePath?: string;
}

/** Where what was changed is afterwards. */
export const placeOf = ({ filePath, movePath }: PatchedFile): string => movePath ?? filePath;

/**
 * Works out what a patch makes of the files, without changing any. Sections see what those before them did.
 * Rejects when one of them cannot be done.
 */
export async function patchedFiles(instance: Instance, sections: readonly PatchSection[]): Promise<PatchedFile[]> {
  const texts = new FileTexts();
  const files: PatchedFile[] = [];
  for (const section of sections) files.push(await patched(instance, section, texts));
  return files;
}

async function patched(instance: Instance, section: PatchSection, texts: FileTexts): Promise<PatchedFile> {
  const filePath = instance.resolve(section.path);
  const describe = (type: PatchedFile['type'], before: string, after: string, target = filePath): PatchedFile => {
    texts.set(filePath, type === 'delete' || type === 'move' ? undefined : after);
    if (type === 'move') texts.set(target, after);
    const relativePath = instance.display(target);
    return {
      ...{ filePath, relativePath, type, before, after, ...comparison(filePath, before, after) },
      ...(type === 'delete' && { additions: 0, deletions: before.split('\n').length }),
      ...(type === 'move' && { movePath: target }),
    };
  };
  switch (section.type) {
    case 'add':
      return describe('add', (await texts.find(filePath)) ?? '', section.text);
    case 'delete':
      return describe('delete', await texts.get(filePath), '');
    case 'update': {
      const before = await texts.find(filePath);
      if (before === undefined) throw new Unreadable(`Failed to read file to update: ${filePath}`);
      const after = section.chunks.length > 0 ? applyChunks(before, section.chunks, filePath) : before;
      const target = section.target === undefined ? filePath : instance.resolve(section.target);
      if (target === filePath) return describe('update', before, after);
      if ((await texts.find(target)) !== undefined) throw new Error(`The file to move to exists already: ${target}`);
      return describe('move', before, after, target);
    }
  }
}

const comparison = (path: string, before: string, after: string) => ({
  diff: patchText(path, before, after),
  ...countLines(before, after),
});

/** The files that were changed, with what formatters made of them meanwhile. */
export function asFormatted(files: readonly PatchedFile[]): Promise<PatchedFile[]> {
  const last = new Map(files.map((file) => [placeOf(file), file]));
  return Promise.all(
    files.map(async (file) => {
      // another section went on with it
      if (file.type === 'delete' || last.get(placeOf(file)) !== file) return file;
      const after = await readFile(placeOf(file), 'utf8').catch(() => file.after);
      return after === file.after ? file : { ...file, after, ...comparison(file.filePath, file.before, after) };
    }),
  );
}

/** A problem that is told without the name of its class, as clients know it. */
export class Unreadable extends Error {}

/** The files as they are on disk, and as the sections of a patch leave them. */
class FileTexts {
  private readonly changed = new Map<string, string | undefined>();

  set(path: string, text: string | undefined): void {
    this.changed.set(path, text);
  }

  async get(path: string): Promise<string> {
    // a missing file is told in the words of the system
    return (await this.find(path)) ?? (await readFile(path, 'utf8'));
  }

  /** Undefined when there is no such file. */
  async find(path: string): Promise<string | undefined> {
    if (this.changed.has(path)) return this.changed.get(path);
    const stats = await statOf(path);
    if (!stats) return undefined;
    if (stats.isDirectory()) throw new Unreadable(`Path is a directory, not a file: ${path}`);
    assertOrdinary(path, stats);
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw new Unreadable(`File ${path} is not UTF-8 text: a patch would damage it.`);
    return bytes.toString();
  }
}
