import { applyChunks } from './apply-chunks.js';
import { isEmptyPatch, parsePatch, type PatchChunk } from './parse-patch.js';

const envelope = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');
const chunk = (before: string[], after: string[], more: Partial<PatchChunk> = {}): PatchChunk => ({
  before,
  after,
  atEnd: false,
  ...more,
});

describe('parsePatch', () => {
  it.each<[string, string, ReturnType<typeof parsePatch>]>([
    [
      'a new file',
      envelope('*** Add File: a/b.txt', '+one', 'skipped', '+', '+two'),
      [{ type: 'add', path: 'a/b.txt', text: 'one\n\ntwo\n' }],
    ],
    ['a new empty file', envelope('*** Add File: a'), [{ type: 'add', path: 'a', text: '' }]],
    ['a deletion', envelope('*** Delete File:  a b '), [{ type: 'delete', path: 'a b' }]],
    [
      'a change',
      envelope('*** Update File: a', '@@ def f():', ' same', '-old', '+new', '*** End of File'),
      [
        {
          type: 'update',
          path: 'a',
          chunks: [chunk(['same', 'old'], ['same', 'new'], { context: 'def f():', atEnd: true })],
        },
      ],
    ],
    [
      'several places',
      envelope('*** Update File: a', '@@', '-1', '+2', '@@', '-3'),
      [{ type: 'update', path: 'a', chunks: [chunk(['1'], ['2']), chunk(['3'], [])] }],
    ],
    [
      'a place without a header',
      envelope('*** Update File: a', '-1', '+2'),
      [{ type: 'update', path: 'a', chunks: [chunk(['1'], ['2'])] }],
    ],
    [
      'a move',
      envelope('*** Update File: a', '*** Move to: b', '@@', '-1', '+2'),
      [{ type: 'update', path: 'a', target: 'b', chunks: [chunk(['1'], ['2'])] }],
    ],
    [
      'a move alone, and another file',
      envelope('*** Update File: a', '*** Move to: b', '*** Delete File: c'),
      [
        { type: 'update', path: 'a', target: 'b', chunks: [] },
        { type: 'delete', path: 'c' },
      ],
    ],
    [
      'a here-document',
      `apply_patch <<'EOF'\n${envelope('*** Delete File: a')}\nEOF\n`,
      [{ type: 'delete', path: 'a' }],
    ],
    [
      'Windows line ends and blanks',
      ` *** Begin Patch \r\n*** Add File: a\r\n+x\r\n*** End Patch\r\n`,
      [{ type: 'add', path: 'a', text: 'x\n' }],
    ],
    [
      'lines that mean nothing',
      envelope('hello', '*** Rename File: a', '*** Add File:', '*** Delete File: b', ''),
      [{ type: 'delete', path: 'b' }],
    ],
    ['nothing', envelope(), []],
  ])('reads %s', (_, text, sections) => expect(parsePatch(text)).toEqual(sections));

  it.each(['', 'hello', '*** Begin Patch\n*** Add File: a', '*** End Patch\n*** Begin Patch'])('refuses %j', (text) =>
    expect(() => parsePatch(text)).toThrow('Invalid patch format: missing Begin/End markers'),
  );

  it('knows an empty patch', () => {
    expect([envelope(), ` ${envelope()}\r\n`, envelope(''), ''].map(isEmptyPatch)).toEqual([true, true, false, false]);
  });
});

describe('empty lines between the lines of a place', () => {
  const apply = (text: string, ...lines: string[]) => {
    const [section] = parsePatch(envelope('*** Update File: a', '@@', ...lines));
    return section?.type === 'update' ? applyChunks(text, section.chunks, '/f') : undefined;
  };

  it.each([
    ['a\n\nb\n', [' a', '', '-b', '+B'], 'a\n\nB\n'],
    ['a\nb\n', [' a', '', '-b', '+B'], 'a\nB\n'],
    ['a\n', ['', '-a', '+A', '', ''], 'A\n'],
    ['a\n\n\nb\n', ['-a', '+A', '', '', '-b', '+B'], 'A\n\n\nB\n'],
  ])('of %j are empty lines, or nothing: %j', (text, lines, expected) => expect(apply(text, ...lines)).toBe(expected));
});

describe('applyChunks', () => {
  it.each<[string, string, PatchChunk[], string]>([
    ['a line', 'a\nb\nc\n', [chunk(['b'], ['B'])], 'a\nB\nc\n'],
    [
      'several places in order',
      'x\n1\nx\n2\n',
      [chunk(['x', '1'], ['x', 'one']), chunk(['x'], ['y'])],
      'x\none\ny\n2\n',
    ],
    ['below a context line', 'f\nx\ng\nx\n', [chunk(['x'], ['y'], { context: 'g' })], 'f\nx\ng\ny\n'],
    [
      'below two context lines',
      'A\ng\nx\nB\ng\nx\n',
      [chunk([], [], { context: 'B' }), chunk(['x'], ['y'], { context: 'g' })],
      'A\ng\nx\nB\ng\ny\n',
    ],
    ['the end first when it is said so', 'x\na\nx\n', [chunk(['x'], ['y'], { atEnd: true })], 'x\na\ny\n'],
    ['elsewhere when the end does not fit', 'x\na\n', [chunk(['x'], ['y'], { atEnd: true })], 'y\na\n'],
    ['additions at the end', 'a\n', [chunk([], ['b', 'c'])], 'a\nb\nc\n'],
    ['an empty file', '', [chunk([], ['b'])], 'b\n'],
    ['a missing final line end', 'a\nb', [chunk(['a'], ['A'])], 'A\nb\n'],
    ['blanks at the end', 'a  \nb\n', [chunk(['a', 'b'], ['c'])], 'c\n'],
    ['indentation', '    a\n  b\n', [chunk(['a', 'b'], ['c'])], 'c\n'],
    ['an exact match before a loose one', ' a\na\n', [chunk(['a'], ['b'])], ' a\nb\n'],
    [
      'typographic characters',
      'say \u201chi\u201d \u2014 it\u2019s\u00a0ok\u2026\n',
      [chunk(['say "hi" - it\'s ok...'], ['x'])],
      'x\n',
    ],
    ['an empty last line', 'a\nb\n', [chunk(['b', ''], ['B', ''])], 'a\nB\n'],
    ['an insertion', 'a\nb\n', [chunk(['a', 'b'], ['a', 'new', 'b'])], 'a\nnew\nb\n'],
    ['Windows line ends', 'a\r\nb\r\n', [chunk(['a', 'b'], ['a', 'c', 'd'])], 'a\r\nc\r\nd\r\n'],
    ['mixed line ends', 'a\r\nb\n', [chunk(['b'], ['c'])], 'a\r\nc\n'],
    ['a byte order mark', '\uFEFFa\n', [chunk(['a'], ['b'])], '\uFEFFb\n'],
    ['everything away', 'a\n', [chunk(['a'], [])], ''],
  ])('changes %s', (_, text, chunks, expected) => expect(applyChunks(text, chunks, '/f')).toBe(expected));

  it.each<[PatchChunk[], string]>([
    [[chunk(['x'], ['y'], { context: 'none' })], "Failed to find context 'none' in /f"],
    [[chunk(['a', 'c'], ['y'])], 'Failed to find expected lines in /f:\na\nc'],
    // places stand in the order of the file
    [[chunk(['b'], ['B']), chunk(['a'], ['A'])], 'Failed to find expected lines in /f:\na'],
    [[chunk(['a', 'b', 'c'], [])], 'Failed to find expected lines in /f:\na\nb\nc'],
  ])('says what does not fit', (chunks, message) => expect(() => applyChunks('a\nb\n', chunks, '/f')).toThrow(message));
});
