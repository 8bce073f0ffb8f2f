import { randomUUID } from 'node:crypto';
import type { FileDiff } from '#libs/contract';
import { linesOf, type QuotedPath, textOf } from './quoted-path.js';
import type { SnapshotRepository } from './snapshot-repository.js';

/** Bytes; of a larger text the lines are counted, its contents are not given. */
const MAX_TEXT = 2 * 1024 * 1024;
/** Bytes read by one git process. */
const CHUNK = 16 * 1024 * 1024;
/** Characters of a unified diff, cut between two files. */
const MAX_UNIFIED = 2 * 1024 * 1024;

const NONE = '000000';
const SUBMODULE = '160000';
const COMPARE = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** One side of a change. */
interface Side {
  /** As git writes it: `100644`, `100755` or `120000`. */
  readonly mode: string;
  readonly object: string;
}

/** A path whose content or mode differs between two trees. */
export interface Change {
  readonly path: QuotedPath;
  /** Absent when the path does not exist there. */
  readonly from?: Side;
  readonly to?: Side;
}

/** What differs between two trees; repositories inside the worktree are no part of it. */
export async function changesBetween(repository: SnapshotRepository, from: string, to: string): Promise<Change[]> {
  if (from === to) return [];
  const args = ['diff-tree', '-r', '--raw', '--no-abbrev', ...COMPARE, from, to, ...repository.scopeArguments()];
  return parseRaw(linesOf(await repository.run(args)));
}

/** The differences of two trees with the contents of text files. */
export async function fileDiffs(repository: SnapshotRepository, from: string, to: string): Promise<FileDiff[]> {
  if (from === to) return [];
  const args = [
    'diff-tree',
    '-r',
    '--raw',
    '--numstat',
    '--no-abbrev',
    ...COMPARE,
    from,
    to,
    ...repository.scopeArguments(),
  ];
  const lines = linesOf(await repository.run(args));
  const raw = parseRaw(lines);
  const counts = parseCounts(lines);
  const isText = ({ path }: Change) => counts.get(path) !== undefined;
  const objects = raw.filter(isText).flatMap((change) => [change.from?.object, change.to?.object]);
  const texts = await readTexts(repository, new Set(objects.filter((object) => object !== undefined)));
  return raw.map((change) => {
    const count = counts.get(change.path);
    const text = (side?: Side) => (count && side && texts.get(side.object)) ?? '';
    return {
      file: textOf(change.path),
      before: text(change.from),
      after: text(change.to),
      additions: count?.additions ?? 0,
      deletions: count?.deletions ?? 0,
      status: !change.from ? 'added' : !change.to ? 'deleted' : 'modified',
    };
  });
}

/** The differences of two trees as a patch for people to read. */
export async function unifiedDiff(repository: SnapshotRepository, from: string, to: string): Promise<string> {
  if (from === to) return '';
  const args = [
    '-c',
    'core.quotePath=false',
    'diff-tree',
    '-r',
    '-p',
    ...COMPARE,
    from,
    to,
    ...repository.scopeArguments(),
  ];
  const text = await repository.run(args, { cut: MAX_UNIFIED });
  if (text.length < MAX_UNIFIED) return text;
  return text.slice(0, text.lastIndexOf('\ndiff --git ') + 1);
}

/** Sizes of objects in bytes; without those that are not stored. */
export async function sizesOf(
  repository: SnapshotRepository,
  objects: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (objects.size === 0) return sizes;
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)'];
  const found = await repository.run(args, { input: asInput([...objects]) });
  for (const line of linesOf(found)) {
    const [object = '', size] = line.split(' ');
    if (size !== 'missing') sizes.set(object, Number(size));
  }
  return sizes;
}

function parseRaw(lines: readonly string[]): Change[] {
  const changes: Change[] = [];
  for (const line of lines) {
    const tab = line.indexOf('\t');
    if (!line.startsWith(':') || tab < 0) continue;
    const [fromMode = NONE, toMode = NONE, fromObject = '', toObject = ''] = line.slice(1, tab).split(' ');
    if (fromMode === SUBMODULE || toMode === SUBMODULE) continue;
    changes.push({
      path: line.slice(tab + 1),
      ...(fromMode !== NONE && { from: { mode: fromMode, object: fromObject } }),
      ...(toMode !== NONE && { to: { mode: toMode, object: toObject } }),
    });
  }
  return changes;
}

/** By path; binary files are missing. */
function parseCounts(lines: readonly string[]): Map<QuotedPath, { additions: number; deletions: number }> {
  const counts = new Map<QuotedPath, { additions: number; deletions: number }>();
  for (const line of lines) {
    const [, additions, deletions, path] = /^(\d+)\t(\d+)\t(.*)$/.exec(line) ?? [];
    if (path !== undefined) counts.set(path, { additions: Number(additions), deletions: Number(deletions) });
  }
  return counts;
}

async function readTexts(repository: SnapshotRepository, objects: ReadonlySet<string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let chunk: string[] = [];
  let bytes = 0;
  const read = async () => {
    for (const [object, text] of await readChunk(repository, chunk)) texts.set(object, text);
    chunk = [];
    bytes = 0;
  };
  for (const [object, size] of await sizesOf(repository, objects)) {
    if (size > MAX_TEXT) continue;
    if (bytes + size > CHUNK) await read();
    chunk.push(object);
    bytes += size;
  }
  if (chunk.length > 0) await read();
  return texts;
}

async function readChunk(repository: SnapshotRepository, objects: readonly string[]): Promise<[string, string][]> {
  // sizes count bytes and mean nothing in decoded text: a line that no file contains separates the contents
  const separator = randomUUID();
  const args = ['cat-file', `--batch=${separator} %(objectname)`];
  const output = await repository.run(args, { input: asInput(objects) });
  const pieces = `\n${output.slice(0, -1)}`.split(`\n${separator} `).slice(1);
  return pieces.map((piece) => {
    const end = piece.indexOf('\n');
    return [piece.slice(0, end), piece.slice(end + 1)];
  });
}

function asInput(objects: readonly string[]): string {
  return objects.map((object) => `${object}\n`).join('');
}
