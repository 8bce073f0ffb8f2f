import { type GuideRequest, readRequest } from './guide-request.js';

const cases: readonly (readonly [string, GuideRequest])[] = [
  ['', { kind: 'help' }],
  ['Hello!', { kind: 'help' }],
  ['hi there', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['What can you do?', { kind: 'help' }],
  ['list files', { kind: 'list' }],
  ['List the files.', { kind: 'list' }],
  ['please list all files here', { kind: 'list' }],
  ['ls', { kind: 'list' }],
  ['ls src', { kind: 'list', directory: 'src' }],
  ['list files in src', { kind: 'list', directory: 'src' }],
  ['Can you list the files in the directory `src/app`?', { kind: 'list', directory: 'src/app' }],
  ['show files in this project', { kind: 'list' }],
  ['what files are here?', { kind: 'list' }],
  ['list *.ts', { kind: 'list', pattern: '*.ts' }],
  ['find files named "*.md"', { kind: 'list', pattern: '*.md' }],
  ['read README.md', { kind: 'read', file: 'README.md' }],
  ['Read the file src/a b.ts', { kind: 'unknown' }],
  ['Read the file "src/a b.ts".', { kind: 'read', file: 'src/a b.ts' }],
  ['Please read package.json.', { kind: 'read', file: 'package.json' }],
  ['show me notes.txt', { kind: 'read', file: 'notes.txt' }],
  ['cat `notes.txt`', { kind: 'read', file: 'notes.txt' }],
  ["what's in hello.txt?", { kind: 'read', file: 'hello.txt' }],
  ['search for TODO', { kind: 'search', text: 'TODO' }],
  ['search "two words" in src', { kind: 'search', text: 'two words', directory: 'src' }],
  ['grep foo', { kind: 'search', text: 'foo' }],
  ['find the text hello world', { kind: 'search', text: 'hello world' }],
  ['find *.ts', { kind: 'list', pattern: '*.ts' }],
  ['search TODO in the project', { kind: 'search', text: 'TODO' }],
  ['run `npm test -- --watch`', { kind: 'run', command: 'npm test -- --watch' }],
  ['run git status', { kind: 'run', command: 'git status' }],
  ['Execute the command "echo hi"', { kind: 'run', command: 'echo hi' }],
  ['$ ls -la | head', { kind: 'run', command: 'ls -la | head' }],
  ['run ```sh\necho a\necho b\n```', { kind: 'run', command: 'echo a\necho b' }],
  ['create notes.txt with Hello', { kind: 'write', file: 'notes.txt', content: 'Hello\n' }],
  ['write a file `a.txt` containing "x y"', { kind: 'write', file: 'a.txt', content: 'x y\n' }],
  ['Create a new file named b.txt with the content: one\ntwo', { kind: 'write', file: 'b.txt', content: 'one\ntwo\n' }],
  ['write c.ts:\n```ts\nexport {};\n```', { kind: 'write', file: 'c.ts', content: 'export {};\n' }],
  ['write "hello world" to d.txt', { kind: 'write', file: 'd.txt', content: 'hello world\n' }],
  ['refactor the parser so that it streams', { kind: 'unknown' }],
];

describe('readRequest', () => {
  it.each(cases)('%j', (text, expected) => {
    expect(readRequest(text)).toEqual(expected);
  });

  it('takes a long message in no time to speak of', () => {
    expect(readRequest(`${'a '.repeat(20_000)}?`).kind).toBe('unknown');
    expect(readRequest(`write ${'to '.repeat(5_000)}`)).toBeDefined();
  });
});

describe('a prompt in the quotes of a command line', () => {
  it.each([
    ['"read a.txt"', { kind: 'read', file: 'a.txt' }],
    ['"search for \\"two words\\""', { kind: 'search', text: 'two words' }],
    ['"a" and "b"', { kind: 'unknown' }],
  ])('%s', (text, request) => expect(readRequest(text)).toMatchObject(request));
});
