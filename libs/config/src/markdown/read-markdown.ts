import { readFile, stat } from 'node:fs/promises';
import type { ReadTrail } from '../reload/read-trail.js';
import { type MarkdownDocument, readFrontMatter } from './front-matter.js';

/** Bytes of a text for a model: what is larger is something else. */
const MAX_SIZE = 1024 * 1024;

/** Rejects when it cannot be read, or its front matter makes no sense. */
export async function readMarkdown(path: string, trail: ReadTrail): Promise<MarkdownDocument> {
  await trail.note(path);
  const stats = await stat(path);
  if (!stats.isFile() || stats.size > MAX_SIZE) throw new Error('It is no text file of at most 1 MiB');
  return readFrontMatter(await readFile(path, 'utf8'));
}
