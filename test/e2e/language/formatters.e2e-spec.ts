import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { reply } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { until } from '../../helpers/until.js';
import { waitLongerForDiagnostics } from '../../helpers/patience.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

// real formatters have to start
jest.setTimeout(60_000);

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const FAKE_SERVER = fileURLToPath(
  new URL('../../../libs/lsp/src/testing/fake-language-server.fixture.mjs', import.meta.url),
);

/** A formatter of `.x` files that runs a line of shell, in which `$1` is the file. */
const sh = (line: string) => ({ command: ['sh', '-c', line, 'sh', '$FILE'], extensions: ['.x'] });
const UPPER = sh('sleep 0.1; tr a-z A-Z < "$1" > tmp && cat tmp > "$1" && rm tmp');
const PRETTIER = { 'package.json': '{ "devDependencies": { "prettier": "*" } }' };

describe('formatters', () => {
  waitLongerForDiagnostics();
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** A project in which the packages of this one are installed; no language servers. */
  async function place(files: Record<string, string>, config: object = {}, git = false): Promise<Place> {
    const found = await world.place({ files, git, config: { lsp: false, ...config } });
    await symlink(PACKAGES, found.project.path('node_modules'));
    return found;
  }

  /** Lets the model make calls, each in a step of its own, and returns what became of them. */
  async function calls(at: Place, session: string, ...list: [tool: string, input: object][]) {
    for (const [tool, input] of list) world.model.push(reply().tool(tool, input));
    world.model.push(reply().text('Done.'));
    await at.prompt(session, 'Go on');
    const parts = (await at.history(session)).flatMap((message) => message.parts);
    return parts.filter(({ type }) => type === 'tool').map(({ state }) => state);
  }

  it('run after an edit, and the tool reports the file as they left it', async () => {
    const at = await place({ ...PRETTIER, '.prettierrc': '{ "singleQuote": true }', 'a.js': 'let a = 1;\n' });
    const filePath = at.project.path('a.js');
    const [, edited, again] = await calls(
      at,
      await at.session(),
      ['read', { filePath }],
      ['edit', { filePath, oldString: '1', newString: '"x"   +  "y"' }],
      // the session knows the file as it is now
      ['edit', { filePath, oldString: "'x' + 'y'", newString: '(' }],
    );
    expect(edited.metadata).toMatchObject({
      filediff: { before: 'let a = 1;\n', after: "let a = 'x' + 'y';\n", additions: 1, deletions: 1 },
      diff: expect.stringContaining("+let a = 'x' + 'y';"),
    });
    expect(edited.metadata).not.toHaveProperty('formatting');
    expect(again).toMatchObject({ status: 'completed', output: 'Edit applied successfully.' });
    expect(again.metadata.formatting).toEqual([{ name: 'prettier', error: expect.stringContaining('SyntaxError') }]);
    expect(await at.project.read('a.js')).toBe('let a = (;\n');
    const { body } = await at.get('/formatter');
    expect(body).toContainEqual({
      name: 'prettier',
      extensions: expect.arrayContaining(['.js', '.md']),
      enabled: true,
    });
  });

  it('run after a write, all that the project wants in their order, and none on what they do not know', async () => {
    const files = { ...PRETTIER, 'biome.json': '{ "formatter": { "indentStyle": "space", "indentWidth": 8 } }' };
    const at = await place(files);
    const write = (name: string, content: string): [string, object] => [
      'write',
      { filePath: at.project.path(name), content },
    ];
    const states = await calls(
      at,
      await at.session(),
      write('a.ts', "if (x)\n{ y('1') }"),
      write('a.toml', 'a  =   1\n'),
      write('a.py', 'a  =   1\n'),
    );
    expect(await at.project.read('a.ts')).toBe('if (x) {\n        y("1");\n}\n');
    expect(await at.project.read('a.toml')).toBe('a  =   1\n');
    expect(states.map(({ metadata }) => metadata.formatting)).toEqual([undefined, undefined, undefined]);
  });

  it('run on every file of a patch, once, and its report shows them', async () => {
    const formatter = { upper: UPPER, count: sh('echo "$1" >> log') };
    const config = { ...world.modelNamed('gpt-5-x'), formatter };
    const at = await place({ 'a.x': 'one\ntwo\n', 'b.x': 'b\n', 'c.x': 'c\n' }, config);
    await chmod(at.project.path('b.x'), 0o755);
    const patch = [
      '*** Begin Patch',
      ...['*** Update File: a.x', '@@', '-one', '+first'],
      ...['*** Update File: b.x', '*** Move to: deep/b.x', '@@', '-b', '+moved'],
      ...['*** Delete File: c.x', '*** Add File: d.x', '+new'],
      ...['*** Add File: e.x', '+passing', '*** Delete File: e.x'],
      '*** End Patch',
    ];
    const before = at.events.log.length;
    const [state] = await calls(at, await at.session(), ['apply_patch', { patchText: patch.join('\n') }]);
    expect(state.status).toBe('completed');
    expect(await at.project.read('a.x')).toBe('FIRST\nTWO\n');
    expect(await at.project.read('deep/b.x')).toBe('MOVED\n');
    expect((await stat(at.project.path('deep/b.x'))).mode & 0o777).toBe(0o755);
    const shown = state.metadata.files.map(({ type, after, additions, deletions }: Record<string, unknown>) => [
      ...[type, after, additions, deletions],
    ]);
    expect(shown).toEqual([
      ['update', 'FIRST\nTWO\n', 2, 2],
      ['move', 'MOVED\n', 1, 1],
      ['delete', '', 0, 2],
      ['add', 'NEW\n', 1, 0],
      ['add', 'passing\n', 1, 0],
      ['delete', '', 0, 2],
    ]);
    expect(state.metadata.diff).toContain('+FIRST\n+TWO\n');
    const written = ['a.x', 'deep/b.x', 'd.x'].map((name) => at.project.path(name));
    expect((await at.project.read('log')).trim().split('\n')).toEqual(written);
    const told = at.events.log.slice(before).filter(({ type }) => type === 'file.edited');
    expect(told.map(({ properties }) => properties['file'])).toEqual(written);
  });

  it('run before watchers, language servers and snapshots see the file', async () => {
    const at = await place(
      { 'a.x': 'one\n' },
      {
        formatter: { upper: UPPER },
        lsp: { fake: { command: [process.execPath, FAKE_SERVER, '/dev/null'], extensions: ['.x'] } },
      },
      true,
    );
    const filePath = at.project.path('a.x');
    const before = at.events.log.length;
    const session = await at.session();
    const states = await calls(
      at,
      session,
      ['read', { filePath }],
      ['edit', { filePath, oldString: 'one', newString: 'bad' }],
    );
    // the fake server finds the word only as it was formatted
    expect(states[1].output).toContain('ERROR [1:1] BAD found');
    const told = at.events.log.slice(before).map(({ type }) => type);
    expect(told.filter((type) => type.startsWith('file.'))).toEqual(['file.edited', 'file.watcher.updated']);
    const { body } = await at.get(`/session/${session}/diff`);
    expect(body).toEqual([expect.objectContaining({ before: 'one\n', after: 'BAD\n' })]);
    const { info } = (await at.history(session))[0]!;
    await at.post(`/session/${session}/revert`, { messageID: info.id });
    expect(await at.project.read('a.x')).toBe('one\n');
    await at.post(`/session/${session}/unrevert`);
    expect(await at.project.read('a.x')).toBe('BAD\n');
  });

  it('let no edit of the same file be lost', async () => {
    const at = await place(
      { 'a.x': 'ONE\nTWO\nTHREE\n' },
      { formatter: { upper: UPPER }, experimental: { batch_tool: true } },
    );
    const filePath = at.project.path('a.x');
    const edit = (oldString: string, newString: string) => ({
      tool: 'edit',
      parameters: { filePath, oldString, newString },
    });
    await calls(
      at,
      await at.session(),
      ['read', { filePath }],
      ['batch', { tool_calls: [edit('ONE', 'a'), edit('TWO', 'b'), edit('THREE', 'c')] }],
    );
    expect(await at.project.read('a.x')).toBe('A\nB\nC\n');
  });

  it('end when the session is aborted; the edit stands', async () => {
    const at = await place({}, { formatter: { slow: sh('echo $$ > pid; sleep 60') } });
    const session = await at.session();
    world.model.push(reply().tool('write', { filePath: at.project.path('a.x'), content: 'text' }));
    const answer = at.prompt(session, 'Go on');
    await until(async () => (await at.project.read('pid').catch(() => '')).endsWith('\n'), 'the formatter runs');
    await at.abort(session);
    await answer;
    const pid = Number(await at.project.read('pid'));
    await until(async () => !(await alive(pid)), 'the formatter has ended');
    expect(await at.project.read('a.x')).toBe('text');
    const parts = (await at.history(session)).flatMap((message) => message.parts);
    expect(parts.find(({ type }) => type === 'tool').state).toMatchObject({ status: 'error' });
    expect(at.events.all('file.watcher.updated')).toHaveLength(1);
  });

  it('are those of the configuration as it is now', async () => {
    const at = await place({ 'a.x': '' }, { formatter: { upper: UPPER } });
    const names = async () => (await at.get('/formatter')).body.map(({ name }: { name: string }) => name);
    expect((await names()).at(-1)).toBe('upper');
    await at.patch('/config', { formatter: false });
    expect(await names()).toEqual([]);
    await calls(at, await at.session(), ['write', { filePath: at.project.path('b.x'), content: 'b' }]);
    expect(await readFile(at.project.path('b.x'), 'utf8')).toBe('b');
  });
});
