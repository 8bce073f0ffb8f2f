// The calls that tools.mjs compares, and the files they meet. `$PROJECT` and `$OUTSIDE` stand for directories.

const lines = (count) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

export const OUTSIDE = { 'o.txt': 'other\n' };
export const FILES = {
  'a.txt': 'one\ntwo\nthree\nfour\n',
  'src/b.ts': 'export const b = 1;\n',
  'src/deep/c.md': 'x\n',
  'src/AGENTS.md': 'Instructions of src.\n',
  'empty.txt': '',
  'crlf.txt': 'a\r\nb\r\nc\r\n',
  'bom.txt': '\ufeffhello\n',
  'long.txt': `${'x'.repeat(3000)}\ny\n`,
  'many.txt': lines(2500),
  'v.svg': '<svg/>',
  'z.zip': 'PK',
  'nul.txt': 'a\0b',
  'block.txt': 'start {\n one\n two\n}\n',
  'spaces.txt': 'pre a   b post\n',
  'twice.txt': 'dup\ndup\n',
  'indent.txt': '  x = 1\n    x = 1\n',
  '.env': 'KEY=1\n',
  '.gitignore': '*.log\n',
  'x.log': 'two\n',
  '.opencode/skill/brew/SKILL.md': '---\nname: brew\ndescription: Makes tea\n---\n\nBoil water.\n',
};

const call = (tool, input) => ({ tool, input });
const read = (path, range = {}) => call('read', { filePath: `$PROJECT/${path}`, ...range });
const edit = (path, oldString, newString, more = {}) =>
  call('edit', { filePath: `$PROJECT/${path}`, oldString, newString, ...more });
const write = (path, content) => call('write', { filePath: path, content });
const bash = (command, more = {}) => call('bash', { command, description: 'Runs it', ...more });
const patch = (...sections) =>
  call('apply_patch', { patchText: ['*** Begin Patch', ...sections, '*** End Patch'].join('\n') });

const same = (name, ...steps) => ({ name, steps });
const other = (differs, name, ...steps) => ({ name, steps, differs });

const COMMANDS = [
  'git branch --list && git log --format=%s -1 | head -1',
  'npm run --silent; docker compose ps; FOO=1 printenv FOO',
  'echo $(whoami) "a b"',
  'for i in 1 2; do echo $i; done',
  'ls 2>/dev/null | grep x > out.log',
  'bash -c "true /x"',
  'unterminated "quote',
  'cd src && ls',
  'FOO=bar',
  '# nothing',
  'git remote -v',
  'terraform workspace list',
  'cat $OUTSIDE/o.txt a.txt',
  'touch $OUTSIDE/n.txt',
  'echo a > $OUTSIDE/z.txt',
  'cat <<EOF\nhi\nEOF',
  'if true; then echo y; fi',
  '(echo sub)',
  'a=$(echo q) true',
  'cat <(echo p)',
  'xargs echo < a.txt',
  'function f { echo f; }; f',
  'case x in x) echo c;; esac',
];

/** By the id of the model, which decides whether files are changed by edits or by patches. */
export const CALLS = {
  test: [
    same('read: a file', read('a.txt')),
    same('read: some lines', read('a.txt', { offset: 2, limit: 2 })),
    same('read: past the end', read('a.txt', { offset: 99 })),
    same('read: line 0', read('a.txt', { offset: 0 })),
    same('read: nothing of it', read('a.txt', { limit: 0 })),
    ...['empty.txt', 'crlf.txt', 'bom.txt', 'long.txt', 'many.txt', 'v.svg', 'z.zip', 'nul.txt', '.env', 'src'].map(
      (path) => same(`read: ${path}`, read(path)),
    ),
    same('read: a missing file, with suggestions', read('A.TX')),
    same('read: a missing directory', read('nodir/x')),
    same('read: instructions of a sub-directory', read('src/deep/c.md')),
    same('read: outside', call('read', { filePath: '$OUTSIDE/o.txt' })),
    same('read: no arguments', call('read', {})),
    same('read: by another case of its name', call('Read', { filePath: '$PROJECT/a.txt' })),
    ...COMMANDS.map((command) => same(`bash: ${command}`, bash(command))),
    other('quoted arguments count', 'bash: quoted', bash('cat "$OUTSIDE/o.txt"')),
    other('tests are asked for', 'bash: a test', bash('[ -f a.txt ] && echo yes')),
    same('bash: exit code', bash('echo err >&2; exit 3')),
    same('bash: a signal', bash('kill -9 $$')),
    same('bash: time is over', bash('sleep 5', { timeout: 300 })),
    same('bash: a negative time', bash('echo', { timeout: -1 })),
    same('bash: elsewhere', bash('pwd', { workdir: '$OUTSIDE' })),
    same('bash: no description', call('bash', { command: 'echo' })),
    same('glob: files', call('glob', { pattern: '**/*.ts' })),
    same('glob: ignored ones that are named', call('glob', { pattern: '**/*.log' })),
    same('glob: none', call('glob', { pattern: '*.none' })),
    same('glob: a bad pattern', call('glob', { pattern: '[' })),
    same('glob: no directory', call('glob', { pattern: '*', path: 'nope' })),
    same('glob: outside', call('glob', { pattern: 'o*', path: '$OUTSIDE' })),
    same('grep: matches', call('grep', { pattern: '^three$' })),
    other('.git is left out', 'grep: in .git', call('grep', { pattern: 'three' })),
    same('grep: too many', call('grep', { pattern: 'line', path: 'many.txt' })),
    same('grep: long lines', call('grep', { pattern: 'xxx', include: 'long.txt' })),
    same('grep: none', call('grep', { pattern: 'no such text' })),
    same('grep: an empty pattern', call('grep', { pattern: '' })),
    same('grep: a file outside', call('grep', { pattern: 'o', path: '$OUTSIDE/o.txt' })),
    other('a bad pattern is an error', 'grep: a bad pattern', call('grep', { pattern: '(' })),
    same('edit: unread', edit('a.txt', 'two', '2')),
    same('edit', read('a.txt'), edit('a.txt', 'two', 'TWO')),
    same('edit: not found', read('a.txt'), edit('a.txt', 'nothing', 'q')),
    same('edit: found twice', read('twice.txt'), edit('twice.txt', 'dup', 'q')),
    same('edit: all', read('twice.txt'), edit('twice.txt', 'dup', 'q', { replaceAll: true })),
    other('text', 'edit: $& for all', read('twice.txt'), edit('twice.txt', 'q', '<$&>', { replaceAll: true })),
    same('edit: no change', read('a.txt'), edit('a.txt', 'one', 'one')),
    same('edit: a missing file', edit('nope.txt', 'a', 'b')),
    same('edit: a directory', edit('src', 'a', 'b')),
    same('edit: other line ends', read('crlf.txt'), edit('crlf.txt', 'a\nb', 'A\nB')),
    same('edit: by its first and last line', read('block.txt'), edit('block.txt', 'start {\nZZ\n}', 'done')),
    same('edit: other white space', read('spaces.txt'), edit('spaces.txt', 'a b', 'Z')),
    same('edit: other indentation', read('indent.txt'), edit('indent.txt', 'x = 1\n', 'Z')),
    same('edit: a new file', edit('made/new.txt', '', 'new\n')),
    same('edit: over a file', edit('spaces.txt', '', 'over')),
    same('write: a new file', write('$PROJECT/w/n.txt', '  a\n  b\n')),
    same('write: unread', write('$PROJECT/long.txt', 'q')),
    same('write', read('empty.txt'), write('$PROJECT/empty.txt', 'full\n')),
    same('write: a directory', write('$PROJECT/src', 'q')),
    same('write: outside', write('$OUTSIDE/new.txt', 'q')),
    same('todowrite', call('todowrite', { todos: [{ content: 'a', status: 'pending', priority: 'high' }] })),
    same('todowrite: incomplete', call('todowrite', { todos: [{ content: 'a' }] })),
    same('task: no such agent', call('task', { description: 'd', prompt: 'p', subagent_type: 'nope' })),
    other('names', 'skill: no such skill', call('skill', { name: 'nope' })),
    same('webfetch: no page of the web', call('webfetch', { url: 'ftp://x', format: 'text' })),
    same('batch: nothing', call('batch', { tool_calls: [] })),
    same('batch', call('batch', { tool_calls: [read('bom.txt'), call('batch', {})].map(asBatched) })),
  ],
  'gpt-5-x': [
    same('apply_patch: a new file', patch('*** Add File: pa/new.txt', '+hello', '+world')),
    same('apply_patch: a change', patch('*** Update File: a.txt', '@@', '-two', '+TWO')),
    same('apply_patch: below a line', patch('*** Update File: a.txt', '@@ three', '-four', '+FOUR')),
    other(
      'asked for where it goes to as well',
      'apply_patch: a move',
      patch('*** Update File: spaces.txt', '*** Move to: moved/m.txt', '@@', '-pre a   b post', '+x'),
    ),
    same('apply_patch: a deletion', patch('*** Delete File: twice.txt')),
    same('apply_patch: no such file to delete', patch('*** Delete File: nope.txt')),
    same('apply_patch: no such file to change', patch('*** Update File: nope.txt', '@@', '-a', '+b')),
    same('apply_patch: no such line to begin at', patch('*** Update File: a.txt', '@@ nowhere', '-one', '+1')),
    same('apply_patch: no such lines', patch('*** Update File: a.txt', '@@', '-zzz', '+1')),
    same('apply_patch: nothing in it', patch()),
    same('apply_patch: no text', call('apply_patch', { patchText: '' })),
    same('apply_patch: no patch', call('apply_patch', { patchText: 'hello' })),
    same('apply_patch: at the end', patch('*** Update File: long.txt', '@@', '+appended')),
    same('apply_patch: trimmed lines', patch('*** Update File: indent.txt', '@@', '-x = 1', '+y = 1')),
    same('apply_patch: one that fails', patch('*** Add File: n.txt', '+3', '*** Update File: nope', '@@', '-a', '+b')),
    same('apply_patch: outside', patch('*** Add File: $OUTSIDE/p.txt', '+p')),
    other('line ends stay', 'apply_patch: CR', patch('*** Update File: crlf.txt', '@@', '-b', '+B')),
    other('shows what it replaces', 'apply_patch: over a file', patch('*** Add File: block.txt', '+over')),
  ],
};

function asBatched({ tool, input }) {
  return { tool, parameters: input };
}
