import { symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { reply } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';
import { waitLongerForDiagnostics } from '../../helpers/patience.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

// real servers have to start
const PATIENCE = 40_000;
jest.setTimeout(PATIENCE + 20_000);

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const FAKE = fileURLToPath(new URL('../../../libs/lsp/src/testing/fake-language-server.fixture.mjs', import.meta.url));
const SOURCE = 'export function twice(n: number): number {\n  return n * 2;\n}\n\nexport const four = twice(2);\n';

describe('language servers', () => {
  waitLongerForDiagnostics();
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start({ variables: { OPENCODE_EXPERIMENTAL_LSP_TOOL: '1' } });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** A project in which the packages of this one are installed. */
  async function place(files: Record<string, string>, config: Record<string, unknown> = {}): Promise<Place> {
    const found = await world.place({ files, config });
    await symlink(PACKAGES, found.project.path('node_modules'));
    return found;
  }

  /** Lets the model call one tool and returns what became of the call. */
  async function call(at: Place, session: string, tool: string, input: object) {
    world.model.push(reply().tool(tool, input), reply().text('Done.'));
    await at.prompt(session, 'Go on');
    const parts = (await at.history(session)).flatMap((message) => message.parts);
    return parts.filter(({ type }) => type === 'tool').at(-1).state;
  }

  it('tell where a symbol ends that a prompt attaches by its first line', async () => {
    const at = await place({ 'a.ts': SOURCE, 'package.json': '{}', 'tsconfig.json': '{}' }, { formatter: false });
    const session = await at.session();
    await call(at, session, 'read', { filePath: at.project.path('a.ts') });
    const spoken = () => at.events.all('lsp.client.diagnostics').map(({ properties }) => properties['serverID']);
    await until(() => spoken().includes('typescript'), 'the server has spoken', PATIENCE);
    for (const [line, expected] of [
      [1, 3],
      [2, 1],
    ] as const) {
      const url = `file://${at.project.path('a.ts')}?start=${line}&end=${line}`;
      world.model.push(reply().text('I see.'));
      await at.prompt(session, { parts: [{ type: 'file', mime: 'text/plain', url }] });
      const { parts } = (await at.history(session)).at(-2)!;
      expect(parts[0].text).toContain(`"offset":${line},"limit":${expected}`);
      expect([...parts[1].text.matchAll(/(?:^|>)\d+: /gm)]).toHaveLength(expected);
    }
  });

  it('tell the model what an edit breaks, and what else they know', async () => {
    const at = await place(
      {
        'a.ts': SOURCE,
        'package.json': '{}',
        'biome.json': '{ "linter": { "rules": { "suspicious": { "noDebugger": "error" } } } }',
        'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] } }',
      },
      { formatter: false },
    );
    const filePath = at.project.path('a.ts');
    const session = await at.session();
    expect((await at.get('/lsp')).body).toEqual([]);
    await call(at, session, 'read', { filePath });
    const heard = () => at.events.all('lsp.client.diagnostics').map(({ properties }) => properties['serverID']);
    const ids = ['biome', 'oxlint', 'typescript'];
    await until(() => ids.every((id) => heard().includes(id)), 'all servers have spoken', PATIENCE);
    const servers = (await at.get('/lsp')).body;
    expect(servers.map(({ id, root, status }: Record<string, string>) => [id, root, status]).sort()).toEqual(
      ids.map((id) => [id, '', 'connected']),
    );

    const broken = await call(at, session, 'edit', { filePath, oldString: 'twice(2)', newString: "twice('2')" });
    const message = "Argument of type 'string' is not assignable to parameter of type 'number'.";
    expect(broken.output).toBe(
      `Edit applied successfully.\n\nLSP errors detected in this file, please fix:\n<diagnostics file="${filePath}">\n` +
        `ERROR [5:27] ${message}\n</diagnostics>`,
    );
    expect(broken.metadata.diagnostics).toEqual({
      [filePath]: [expect.objectContaining({ message, severity: 1, source: 'typescript' })],
    });
    const mended = await call(at, session, 'edit', { filePath, oldString: "'2'", newString: '2' });
    expect(mended.output).toBe('Edit applied successfully.');
    expect(mended.metadata.diagnostics).toEqual({});
    const linted = await call(at, session, 'edit', {
      filePath,
      oldString: '  return',
      newString: '  debugger;\n  return',
    });
    expect(linted.output).toContain('ERROR [2:3] ');
    // biome publishes what it finds, oxlint has to be asked
    const sources = linted.metadata.diagnostics[filePath].map(({ source }: { source: string }) => source);
    expect(sources).toEqual(expect.arrayContaining(['biome', 'oxc']));
    const both = await call(at, session, 'write', {
      filePath: at.project.path('b.ts'),
      content: 'let x: string = 1;\n',
    });
    expect(both.output).toMatch(/in this file, please fix:\n<diagnostics file="[^"]*b.ts">\nERROR \[1:5\]/);
    expect(both.output).toMatch(/in other files:\n<diagnostics file="[^"]*a.ts">\nERROR \[2:3\]/);

    expect((await at.get('/find/symbol?query=twice')).body).toContainEqual({
      name: 'twice',
      kind: 12,
      location: { uri: `file://${filePath}`, range: expect.any(Object) },
    });
    expect((await at.get('/find/symbol')).status).toBe(400);
    const hover = await call(at, session, 'lsp', { operation: 'hover', filePath, line: 6, character: 21 });
    expect(hover.title).toMatch(/^hover .*a\.ts:6:21$/);
    expect(hover.output).toContain('function twice(n: number): number');
    const none = await call(at, session, 'lsp', {
      operation: 'hover',
      filePath: 'package.json',
      line: 1,
      character: 1,
    });
    expect(none).toMatchObject({ status: 'error' });

    world.model.push(reply().text('I see.'));
    const url = `file://${filePath}?start=1&end=1`;
    await at.prompt(session, { parts: [{ type: 'file', mime: 'text/plain', url, filename: 'a.ts' }] });
    const attached = (await at.history(session)).at(-2)!.parts.map(({ text }) => text);
    expect(attached[0]).toContain('"offset":1,"limit":4');
    expect(attached[1]).toContain('4: }');
    expect(attached[1]).not.toContain('four');
  });

  it('hear of what commands do to files', async () => {
    const files = { 'a.fake': '', 'gone.json': '{}', '.gitignore': 'log' };
    const lsp = { fake: { command: [process.execPath, FAKE, 'log'], extensions: ['.fake'] } };
    const at = await world.place({ git: true, files, config: { lsp, formatter: false } });
    const session = await at.session();
    await call(at, session, 'read', { filePath: at.project.path('a.fake') });
    await until(async () => (await at.get('/lsp')).body.length > 0, 'the server runs', PATIENCE);
    const command = 'echo {} > new.json; rm gone.json; echo BAD > a.fake';
    await call(at, session, 'bash', { command, description: 'Changes files' });
    const written = await call(at, session, 'write', { filePath: at.project.path('b.fake'), content: 'fine' });
    expect(written.output).toMatch(/in other files:\n<diagnostics file="[^"]*a.fake">\nERROR \[1:1\] BAD found/);
    const changes = (await at.project.read('log')).split('\n').filter((line) => line.includes('didChangeWatchedFiles'));
    const uri = (name: string) => `file://${at.project.path(name)}`;
    expect(changes.join('')).toContain(JSON.stringify({ uri: uri('new.json'), type: 1 }));
    expect(changes.join('')).toContain(JSON.stringify({ uri: uri('gone.json'), type: 3 }));
  });

  it('say nothing where they are switched off', async () => {
    const at = await place({ 'a.ts': SOURCE, 'package.json': '{}' }, { lsp: false });
    const session = await at.session();
    const written = await call(at, session, 'write', {
      filePath: at.project.path('b.ts'),
      content: 'let x: string = 1;',
    });
    expect(written).toMatchObject({ output: 'Wrote file successfully.', metadata: { diagnostics: {} } });
    expect((await at.get('/lsp')).body).toEqual([]);
  });
});
