import { diffLines, formatPatch, structuredPatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';

/** Milliseconds spent on finding the smallest difference before the whole text counts as replaced. */
const TIMEOUT = 1000;

/** The change of one file as a unified diff for people, without the indentation that all its lines share. */
export function patchText(path: string, before: string, after: string): string {
  const patch =
    structuredPatch(path, path, before, after, undefined, undefined, { timeout: TIMEOUT }) ??
    replacement(path, before, after);
  return formatPatch({ ...patch, hunks: outdented(patch.hunks) });
}

/** How many lines a change adds and removes. */
export function countLines(before: string, after: string): { additions: number; deletions: number } {
  const changes = diffLines(before, after, { timeout: TIMEOUT });
  if (!changes) return { additions: lineCount(after), deletions: lineCount(before) };
  const sum = (kind: 'added' | 'removed') =>
    changes.reduce((total, change) => total + (change[kind] ? change.count : 0), 0);
  return { additions: sum('added'), deletions: sum('removed') };
}

function outdented(hunks: StructuredPatchHunk[]): StructuredPatchHunk[] {
  const indents = hunks.flatMap((hunk) =>
    hunk.lines.flatMap((line) => (isContent(line) ? [line.length - 1 - line.slice(1).trimStart().length] : [])),
  );
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  if (shared === 0 || shared === Infinity) return hunks;
  const cut = (line: string) => (line.startsWith('\\') ? line : line.slice(0, 1) + line.slice(1 + shared));
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(cut) }));
}

/** Not blank, and not the remark about a missing final newline. */
const isContent = (line: string) => !line.startsWith('\\') && line.slice(1).trim() !== '';

const lineCount = (text: string) => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);

/** A patch that removes everything and adds everything. */
function replacement(path: string, before: string, after: string): StructuredPatch {
  const side = (sign: string, text: string) => {
    if (text === '') return [];
    const lines = text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => sign + line);
    return text.endsWith('\n') ? lines : [...lines, '\\ No newline at end of file'];
  };
  const hunk = {
    oldStart: 1,
    oldLines: lineCount(before),
    newStart: 1,
    newLines: lineCount(after),
    lines: [...side('-', before), ...side('+', after)],
  };
  return { oldFileName: path, newFileName: path, oldHeader: undefined, newHeader: undefined, hunks: [hunk] };
}
