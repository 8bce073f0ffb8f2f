import { expandTemplate, type ShellSnippet, splitArguments, templateHints } from './command-template.js';

describe('the template of a command', () => {
  const expand = (template: string, args: string) => expandTemplate(template, args, async () => '(ran)');

  it.each([
    ['one two', ['one', 'two']],
    [`say "hello there" 'dear friend'`, ['say', 'hello there', 'dear friend']],
    ['look at [Image 1] now', ['look', 'at', '[Image 1]', 'now']],
    [' \n ', []],
    [`"it's" ''`, ["it's", '']],
  ])('splits %j', (text, words) => expect(splitArguments(text)).toEqual(words));

  it('names its placeholders', () => {
    expect(templateHints('$2 $ARGUMENTS $10 $1 $2')).toEqual(['$1', '$2', '$10', '$ARGUMENTS']);
    expect(templateHints('nothing')).toEqual([]);
  });

  it.each([
    ['Hi $1, $2.', 'a b', 'Hi a, b.'],
    ['Hi $1, $2.', 'a b c d', 'Hi a, b c d.'],
    ['Hi $1, $2.', 'a', 'Hi a, .'],
    ['$2-$1', '"x y" z', 'z-x y'],
    ['All: $ARGUMENTS', 'a  "b c"', 'All: a  "b c"'],
    ['$1 of $ARGUMENTS', '$ARGUMENTS $1', '$ARGUMENTS $1 of $ARGUMENTS $1'],
    ['Plain', 'and more', 'Plain\n\nand more'],
    ['  Plain ', '  ', 'Plain'],
    ['cost $& and $1', '$& x', 'cost $& and $& x'],
  ])('%j with %j', async (template, args, text) => expect(await expand(template, args)).toBe(text));

  it('runs its own snippets only, with the arguments as parameters', async () => {
    const ran: ShellSnippet[] = [];
    const text = await expandTemplate('Log: !`git log $1 $10 "$ARGUMENTS"` of $1', '!`rm x`; !`y`', async (snippet) => {
      ran.push(snippet);
      return 'out $1 !`z`';
    });
    expect(ran).toEqual([
      { command: 'git log ${1} ${10} "$ARGUMENTS"', parameters: ['!`rm', 'x`;', '!`y`'], all: '!`rm x`; !`y`' },
    ]);
    expect(text).toBe('Log: out $1 !`z` of !`rm');
  });

  it('leaves snippets alone when nothing may run them', async () => {
    expect(await expandTemplate('Log: !`git log $1` of $ARGUMENTS', 'a b')).toBe('Log: !`git log a b` of a b');
  });
});
