import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { runCommand, type SpawnOptions, SpawnedCommand } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

describe('opencode', () => {
  let home: string;
  let project: TemporaryProject;
  beforeAll(async () => {
    home = await makeFolder();
    project = await TemporaryProject.create({
      git: true,
      files: {
        'a.txt': 'hello\n',
        'src/deep/b.ts': 'const b: number = "no";\n',
        'src/c.ts': '',
        '.gitignore': 'x\n',
        x: '',
      },
      config: {
        lsp: false,
        provider: { mine: { options: { apiKey: 'sk-mine', baseURL: 'http://127.0.0.1:1' } } },
        mcp: {
          s: { type: 'remote', url: 'http://127.0.0.1:1', headers: { Authorization: 'Bearer t' }, enabled: false },
        },
      },
    });
  });
  afterAll(async () => {
    await project.remove();
    await removeFolder(home);
  });

  const opencode = (args: string[], options: SpawnOptions = {}) =>
    runCommand(args, { home, cwd: project.directory, ...options });
  const answer = async (...args: string[]) => {
    const { code, stdout, stderr } = await opencode(args);
    if (code !== 0) throw new Error(`opencode ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };

  it('shows the configuration without its secrets, and where it comes from', async () => {
    await mkdir(join(home, '.config/opencode'), { recursive: true });
    await writeFile(join(home, '.config/opencode/opencode.json'), '{ "theme": "dark" }');
    const [shown, open, global] = await Promise.all([
      answer('config', 'show'),
      answer('config', 'show', '--secrets'),
      answer('config', 'show', '--global'),
    ]);
    expect(JSON.parse(shown)).toMatchObject({
      theme: 'dark',
      provider: { mine: { options: { apiKey: '***', baseURL: 'http://127.0.0.1:1' } } },
      mcp: { s: { headers: { Authorization: '***' } } },
    });
    expect(open).toContain('sk-mine');
    expect(JSON.parse(global)).toMatchObject({ theme: 'dark' });
    expect(global).not.toContain('mine');

    // also where it cannot be read
    await using broken = await TemporaryProject.create({
      files: { 'opencode.jsonc': '{', '.opencode/opencode.json': '{}' },
    });
    const variables = { OPENCODE_CONFIG_CONTENT: '{}', OPENCODE_CONFIG: join(home, 'none.json') };
    const paths = await opencode(['config', 'path'], { cwd: broken.directory, variables });
    expect([
      paths.code,
      paths.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/)),
    ]).toEqual([
      0,
      [
        ['global', join(home, '.config/opencode/opencode.json')],
        ['project', broken.path('opencode.jsonc')],
        ['folder', broken.path('.opencode/opencode.json')],
        ['variable', 'OPENCODE_CONFIG_CONTENT'],
      ],
    ]);
    const all = await opencode(['config', 'path', '--all', '--json'], { cwd: broken.directory, variables });
    expect(JSON.parse(all.stdout)).toContainEqual({ kind: 'named', place: join(home, 'none.json'), exists: false });
  });

  it('lists files, and records what they are', async () => {
    const [files, tree, some, hash] = await Promise.all([
      answer('debug', 'rg', 'files'),
      answer('debug', 'file', 'tree'),
      answer('debug', 'rg', 'files', '--glob', '**/*.ts', '--limit', '1'),
      answer('debug', 'snapshot', 'track'),
    ]);
    expect(files.trim().split('\n')).toEqual(['.gitignore', 'a.txt', 'opencode.json', 'src/c.ts', 'src/deep/b.ts']);
    expect(tree).toBe('.gitignore\na.txt\nopencode.json\nsrc/\n  c.ts\n  deep/\n    b.ts\n');
    expect(some).toBe('src/c.ts\n');
    expect(hash).toMatch(/^[0-9a-f]{40}\n$/);

    await project.write('a.txt', 'hello\nworld\n');
    const [patch, diff] = await Promise.all([
      answer('debug', 'snapshot', 'patch', hash.trim()),
      answer('debug', 'snapshot', 'diff', hash.trim()),
    ]);
    expect(JSON.parse(patch)).toEqual({ hash: hash.trim(), files: [project.path('a.txt')] });
    expect(diff).toMatch(/^diff --git .*\n\+world$/ms);
    await using plain = await TemporaryProject.create();
    const without = await opencode(['debug', 'snapshot', 'track'], { cwd: plain.directory });
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('it has no git')]);
  });

  it('runs a tool, and leaves no session behind', async () => {
    const params = JSON.stringify({ command: 'cat a.txt', description: 'reads' });
    const result = JSON.parse(await answer('debug', 'agent', 'build', '--tool', 'bash', '--params', params));
    expect(result).toMatchObject({
      tool: 'bash',
      input: { command: 'cat a.txt' },
      result: { output: 'hello\nworld\n' },
    });
    const [unknown, wrong, invalid] = await Promise.all([
      opencode(['debug', 'agent', 'build', '--tool', 'none']),
      opencode(['debug', 'agent', 'build', '--tool', 'bash', '--params', '[']),
      opencode(['debug', 'agent', 'build', '--tool', 'read']),
    ]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Tool not found: none\. There are .*bash/),
    });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('--params is no JSON') });
    expect(invalid).toMatchObject({ code: 1, stderr: expect.stringContaining('filePath') });
    expect(JSON.parse(await answer('session', 'list', '--json'))).toEqual([]);
  });

  it('downloads the list of models', async () => {
    const catalogue = {
      acme: { id: 'acme', name: 'Acme', env: ['ACME_KEY'], models: { fast: { id: 'fast', name: 'Fast' } } },
    };
    const server = createServer(({ url }, response) =>
      url === '/api.json' ? response.end(JSON.stringify(catalogue)) : response.writeHead(404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const OPENCODE_MODELS_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const variables = { OPENCODE_MODELS_URL, ACME_KEY: 'k' };
    const refreshed = await opencode(['models', 'acme', '--refresh'], { variables });
    server.close();
    expect(refreshed).toMatchObject({ code: 0, stdout: 'acme/fast\n', stderr: 'The list of models is up to date\n' });
    const kept = join(home, '.cache/opencode/models.json');
    expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual(catalogue);
    const failed = await opencode(['models', '--refresh'], { variables });
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('Error: ')]);
    expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual(catalogue);
  });

  it('asks language servers', async () => {
    const server = { command: [process.execPath, '-e', LANGUAGE_SERVER], extensions: ['.ts'] };
    const variables = {
      OPENCODE_CONFIG_CONTENT: JSON.stringify({ lsp: { tiny: server, typescript: { disabled: true } } }),
    };
    const [diagnostics, symbols, none, all] = await Promise.all([
      opencode(['debug', 'lsp', 'diagnostics', 'src/c.ts'], { variables }),
      opencode(['debug', 'lsp', 'document-symbols', 'src/c.ts'], { variables }),
      opencode(['debug', 'lsp', 'document-symbols', 'a.txt'], { variables }),
      opencode(['debug', 'lsp', 'symbols', 'tiny'], { variables }),
    ]);
    expect(JSON.parse(diagnostics.stdout)).toMatchObject({ [project.path('src/c.ts')]: [{ message: 'Seen' }] });
    expect(JSON.parse(symbols.stdout)).toMatchObject([{ name: 'tiny' }]);
    expect(none).toMatchObject({ code: 1, stderr: 'Error: There is no language server for a.txt\n' });
    expect(all).toMatchObject({ code: 0, stdout: '[]\n', stderr: expect.stringContaining('--attach') });
  });

  it('keeps a project open until a signal comes', async () => {
    await using command = await SpawnedCommand.start(['debug', 'wait'], { home, cwd: project.directory });
    await until(() => command.stderr.includes(`Waiting in ${project.directory}`), 'the project is open');
    expect(await command.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });
});

/** Knows one symbol and one thing to say. */
const LANGUAGE_SERVER = `
let text = Buffer.alloc(0);
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
};
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
process.stdin.on('data', (chunk) => {
  text = Buffer.concat([text, chunk]);
  for (;;) {
    const head = /^Content-Length: (\\d+)[^]*?\\r\\n\\r\\n/.exec(text.toString('latin1'));
    if (!head || text.length < head[0].length + Number(head[1])) return;
    const { id, method, params } = JSON.parse(text.subarray(head[0].length, head[0].length + Number(head[1])).toString());
    text = text.subarray(head[0].length + Number(head[1]));
    if (method === 'exit') process.exit();
    const results = {
      initialize: { capabilities: { textDocumentSync: 1, documentSymbolProvider: true } },
      'textDocument/documentSymbol': [{ name: 'tiny', kind: 12, range, selectionRange: range }],
    };
    if (id !== undefined) send({ id, result: results[method] ?? null });
    const { uri, version } = (params && params.textDocument) || {};
    if (method === 'textDocument/didOpen')
      send({ method: 'textDocument/publishDiagnostics', params: { uri, version, diagnostics: [{ range, message: 'Seen' }] } });
  }
});
`;
