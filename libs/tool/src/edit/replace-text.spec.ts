import { replaceText } from './replace-text.js';

const NOT_FOUND = /^Could not find oldString in the file\./;
const AMBIGUOUS = /^Found multiple matches for oldString\./;

describe('replaceText', () => {
  it.each<[string, string, string, string, string]>([
    // what it shows, text, wanted, replacement, result
    ['exact', 'one two three', 'two', '2', 'one 2 three'],
    ['exact, over lines', 'a\nb\nc\n', 'a\nb', 'A\nB', 'A\nB\nc\n'],
    ['a trimmed line, carriage return lost', 'a\r\nb\r\nc\r\n', 'a\nb', 'A\nB', 'A\nB\nc\r\n'],
    ['a single anchored block', 'start {\n one\n two\n}', 'start {\nZZ\n}', 'done', 'done'],
    ['a part with other spaces', 'pre a   b post', 'a b', 'Z', 'pre Z post'],
    ['the trimmed line with more indentation', '  x = 1\n    x = 1\n', 'x = 1\n', 'Z', '  x = 1\nZ\n'],
    ['trimmed lines with a final line end', 'x\n  foo\n  bar\ny', 'foo\nbar\n', 'Z', 'x\nZ\ny'],
    ['a line with other spaces', 'if  (a)\t{\nrest', 'if (a) {', 'Z', 'Z\nrest'],
    ['a block with other spaces', 'f(a,\n   b)   + c\nend', 'f(a,\nb) + c', 'Z', 'Z\nend'],
    [
      'a block moved to the right, blank lines in it',
      '    if x:\n\n        y()\nend',
      'if x:\n\n    y()',
      'Z',
      'Z\nend',
    ],
    ['undone escapes', 'say("hi")\nrest', 'say(\\"hi\\")\\nrest', 'Z', 'Z'],
    ['undone escapes of a quoted text', 'a\tb $x `y`', 'a\\tb \\$x \\`y\\`', 'Z', 'Z'],
    ['without the space around it', 'foo(bar)', '\n  foo(bar)  \n', 'Z', 'Z'],
    [
      'the most similar of several anchored blocks',
      'f() {\n  alpha(1)\n}\nf() {\n  omega(2)\n}\n',
      'f() {\n  omega(3)\n}',
      'Z',
      'f() {\n  alpha(1)\n}\nZ\n',
    ],
    ['a replacement that looks like a pattern', 'a b c', 'b', "$& $1 $' $$", "a $& $1 $' $$ c"],
    ['a byte order mark stays', '\uFEFFfirst\nsecond', 'second', 'Z', '\uFEFFfirst\nZ'],
  ])('%s', (_, text, wanted, replacement, result) => {
    expect(replaceText(text, wanted, replacement)).toBe(result);
  });

  it.each<[string, string, string, RegExp]>([
    ['missing', 'abc', 'x', NOT_FOUND],
    ['blank', 'a b', ' \n ', NOT_FOUND],
    ['twice', 'a b a', 'a', AMBIGUOUS],
    ['two blocks, inner line unlike both', 's {\n abcdef\n}\ns {\n ghijkl\n}', 's {\nZZ\n}', NOT_FOUND],
    ['anchors too near', 's {\n}', 's {\nx\n}', NOT_FOUND],
    ['a different part between words', 'a-b', 'a b', NOT_FOUND],
    ['a regular expression', 'axb', 'a.b', NOT_FOUND],
  ])('fails: %s', (_, text, wanted, message) => {
    expect(() => replaceText(text, wanted, 'Z')).toThrow(message);
  });

  it.each<[string, string, string, string]>([
    ['a b a', 'a', "$&'", "$&' b $&'"],
    ['x  y\nx  y', 'x y', 'Z', 'Z\nZ'],
    ['one', 'one', 'Z', 'Z'],
  ])('replaces all: %j', (text, wanted, replacement, result) => {
    expect(replaceText(text, wanted, replacement, true)).toBe(result);
  });

  it('stays quick on a large text full of near misses', () => {
    const text = '}\n'.repeat(50_000) + 'end';
    expect(() => replaceText(text, '}\nnope\nnot there', 'Z')).toThrow(NOT_FOUND);
    expect(() => replaceText(text, '  }\n', 'Z')).toThrow(AMBIGUOUS);
    expect(replaceText(text, ' end ', 'Z')).toBe('}\n'.repeat(50_000) + 'Z');
  });
});
