import { similarity } from './similarity.js';
import { type SourceText, wantedLines } from './source-text.js';

/** Proposes pieces of the source that a model may have meant by `wanted`. */
export type MatchStrategy = (source: SourceText, wanted: string) => Iterable<string>;

/** From the strictest to the most lenient; each sees only what the ones before left undecided. */
export const MATCH_STRATEGIES: readonly MatchStrategy[] = [
  exact,
  trimmedLines,
  anchoredBlock,
  collapsedSpace,
  sharedIndentation,
  undoneEscapes,
  trimmedWhole,
  context,
  // every exact occurrence: only for replaceAll, and that takes the first strategy's find
];

function* exact(_source: SourceText, wanted: string): Generator<string> {
  yield wanted;
}

/** The same lines, whatever space is around each. */
function* trimmedLines(source: SourceText, wanted: string): Generator<string> {
  const lines = wantedLines(wanted).map((line) => line.trim());
  for (const first of source.windows(lines.length))
    if (lines.every((line, index) => source.line(first + index).trim() === line))
      yield source.block(first, lines.length);
}

const MIN_SIMILARITY = 0.3;

/** A block known by its first and last line: the only one, or the one whose inner lines are most alike. */
function* anchoredBlock(source: SourceText, wanted: string): Generator<string> {
  const lines = wantedLines(wanted).map((line) => line.trim());
  if (lines.length < 3) return;
  const blocks = [...anchored(source, lines)];
  const [only] = blocks;
  if (only && blocks.length === 1) yield source.block(only.first, only.count);
  if (blocks.length < 2) return;
  let best = { score: -1, block: '' };
  for (const { first, count } of blocks) {
    const inner = Math.min(lines.length, count) - 2;
    let sum = 0;
    for (let index = 1; index <= inner; index++) {
      const [here, there] = [source.line(first + index).trim(), lines[index] ?? ''];
      // two empty lines say nothing
      if (here !== '' || there !== '') sum += similarity(here, there);
    }
    const score = inner > 0 ? sum / inner : 1;
    if (score > best.score) best = { score, block: source.block(first, count) };
  }
  if (best.score >= MIN_SIMILARITY) yield best.block;
}

/** Blocks that begin with the first wanted line and end with the last, at the first such end two lines below or later. */
function* anchored(source: SourceText, lines: readonly string[]): Generator<{ first: number; count: number }> {
  const trimmed = source.lines.map((line) => line.trim());
  const [top, bottom] = [lines[0], lines.at(-1)];
  let last = 0;
  for (let first = 0; first < trimmed.length; first++) {
    if (trimmed[first] !== top) continue;
    last = Math.max(last, first + 2);
    while (last < trimmed.length && trimmed[last] !== bottom) last++;
    if (last >= trimmed.length) return;
    yield { first, count: last - first + 1 };
  }
}

const collapse = (text: string) => text.replace(/\s+/g, ' ').trim();
const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The same words, whatever white space is between them. */
function* collapsedSpace(source: SourceText, wanted: string): Generator<string> {
  const goal = collapse(wanted);
  if (goal === '') return;
  const collapsed = source.lines.map(collapse);
  const loose = new RegExp(goal.split(' ').map(escapeRegExp).join('\\s+'));
  for (const [index, line] of collapsed.entries()) {
    if (line === goal) yield source.line(index);
    else if (line.includes(goal)) {
      const part = loose.exec(source.line(index));
      if (part) yield part[0];
    }
  }
  const count = wanted.split('\n').length;
  if (count < 2) return;
  for (const first of source.windows(count)) {
    if (!goal.startsWith(collapsed[first] ?? '')) continue;
    const block = source.block(first, count);
    if (collapse(block) === goal) yield block;
  }
}

/** The same lines, moved left or right as a whole. */
function* sharedIndentation(source: SourceText, wanted: string): Generator<string> {
  const goal = outdent(wanted);
  const head = wanted.split('\n')[0]?.trimStart();
  const count = wanted.split('\n').length;
  for (const first of source.windows(count)) {
    if (source.line(first).trimStart() !== head) continue;
    const block = source.block(first, count);
    if (outdent(block) === goal) yield block;
  }
}

function outdent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  if (indents.length === 0) return text;
  const shared = indents.reduce((least, indent) => Math.min(least, indent));
  return lines.map((line) => (line.trim() === '' ? line : line.slice(shared))).join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const unescape = (text: string) => text.replace(/\\([ntr'"`\\\n$])/g, (_, sign: string) => ESCAPES[sign] ?? sign);

/** The text with one level of escapes undone, and blocks that are still escaped in the file. */
function* undoneEscapes(source: SourceText, wanted: string): Generator<string> {
  const goal = unescape(wanted);
  if (source.text.includes(goal)) yield goal;
  const count = goal.split('\n').length;
  for (const first of source.windows(count)) {
    if (!goal.startsWith(unescape(source.line(first)))) continue;
    const block = source.block(first, count);
    if (unescape(block) === goal) yield block;
  }
}

/** The text without the white space around it. */
function* trimmedWhole(source: SourceText, wanted: string): Generator<string> {
  const goal = wanted.trim();
  if (goal === wanted) return;
  if (source.text.includes(goal)) yield goal;
  const count = wanted.split('\n').length;
  for (const first of source.windows(count)) {
    if (!goal.startsWith(source.line(first).trim())) continue;
    const block = source.block(first, count);
    if (block.trim() === goal) yield block;
  }
}

/** A block of the same length between the same first and last line, at least half of whose inner lines are the same. */
function* context(source: SourceText, wanted: string): Generator<string> {
  const lines = wantedLines(wanted).map((line) => line.trim());
  if (lines.length < 3) return;
  for (const { first, count } of anchored(source, lines)) {
    if (count !== lines.length) continue;
    let [filled, same] = [0, 0];
    for (let index = 1; index < count - 1; index++) {
      const [here, there] = [source.line(first + index).trim(), lines[index] ?? ''];
      if (here === '' && there === '') continue;
      filled++;
      if (here === there) same++;
    }
    if (same * 2 >= filled) yield source.block(first, count);
  }
}
