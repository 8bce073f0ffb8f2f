import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { reply } from '../../../src/testing.js';
import { waitLongerForDiagnostics } from '../../helpers/patience.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

/** A language server in one file: each line with BAD is an error. */
const PROGRAM = `#!${process.execPath}
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
};
const check = ({ uri, version }, text) =>
  send({
    method: 'textDocument/publishDiagnostics',
    params: {
      uri,
      version,
      diagnostics: text.split('\\n').flatMap((line, number) => {
        const at = { line: number, character: line.indexOf('BAD') };
        return at.character < 0 ? [] : [{ range: { start: at, end: at }, severity: 1, message: 'this is bad' }];
      }),
    },
  });
const take = ({ id, method, params }) => {
  if (method === 'textDocument/didOpen') check(params.textDocument, params.textDocument.text);
  else if (method === 'textDocument/didChange') check(params.textDocument, params.contentChanges[0].text);
  else if (method === 'exit') process.exit();
  else if (id !== undefined && method) send({ id, result: method === 'initialize' ? { capabilities: {} } : null });
};
let input = Buffer.alloc(0);
process.stdin.on('end', () => process.exit());
process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (;;) {
    const head = /^Content-Length: (\\d+)\\r\\n\\r\\n/i.exec(input.toString('latin1'));
    if (!head || input.length < head[0].length + Number(head[1])) return;
    const end = head[0].length + Number(head[1]);
    take(JSON.parse(input.subarray(head[0].length, end).toString()));
    input = input.subarray(end);
  }
});
`;

describe('language servers that are missing', () => {
  waitLongerForDiagnostics();
  let mirror: Server;
  let world: RunWorld;
  const contents = new Map<string, string | Buffer>();
  const asked: string[] = [];

  beforeAll(async () => {
    mirror = createServer(({ url = '' }, response) => {
      asked.push(url);
      const content = contents.get(url);
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
    world = await RunWorld.start({ variables: { OPENCODE_DISABLE_LSP_DOWNLOAD: '', OPENCODE_LSP_MIRROR: url } });
  });
  afterEach(() => world.settle());
  afterAll(async () => {
    await world.close();
    mirror.closeAllConnections();
    mirror.close();
  });

  /** Publishes a release on the mirror, one file for every platform. */
  async function publish(repository: string, tag: string, program: string, names: string[], digest?: string) {
    const header = { name: `${program}-${tag}/${program}`, size: Buffer.byteLength(PROGRAM), mode: 0o755 };
    const archive = gzipSync(await packTar([{ header, body: PROGRAM }]));
    const sha256 = digest ?? createHash('sha256').update(archive).digest('hex');
    const assets = names.map((name) => {
      const address = `github.com/${repository}/releases/download/${tag}/${name}`;
      contents.set(`/${address}`, archive);
      return { name, browser_download_url: `https://${address}`, digest: `sha256:${sha256}` };
    });
    const latest = `/api.github.com/repos/${repository}/releases/latest`;
    contents.set(latest, JSON.stringify({ tag_name: tag, assets }));
  }

  /** Lets the model write a file and returns what the tool said. */
  async function write(at: Place, name: string): Promise<string> {
    const session = await at.session();
    world.model.push(
      reply().tool('write', { filePath: at.project.path(name), content: 'BAD\n' }),
      reply().text('Done.'),
    );
    await at.prompt(session, 'Write it');
    const parts = (await at.history(session)).flatMap((message) => message.parts);
    return parts.find(({ type }) => type === 'tool').state.output;
  }

  it('are fetched and started, once for all projects', async () => {
    const names = ['x86_64-unknown-linux-gnu', 'x86_64-unknown-linux-musl', 'aarch64-unknown-linux-gnu']
      .concat(['aarch64-unknown-linux-musl', 'x86_64-apple-darwin', 'aarch64-apple-darwin'])
      .map((target) => `tinymist-${target}.tar.gz`);
    await publish('Myriad-Dreamin/tinymist', 'v0.15.2', 'tinymist', names);
    const at = await world.place();
    expect(await write(at, 'a.typ')).toContain('ERROR [1:1] this is bad');
    expect((await at.get('/lsp')).body).toEqual([{ id: 'tinymist', name: 'tinymist', root: '', status: 'connected' }]);
    expect(await write(await world.place(), 'b.typ')).toContain('ERROR [1:1] this is bad');
    expect(asked).toHaveLength(2);
    const record = join(world.server.home, '.local/share/opencode/bin/servers/tinymist/installed.json');
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ version: 'v0.15.2' });
  });

  it('are refused when they are not what was published, and the log says so', async () => {
    const names = ['x86_64-linux', 'x86_64-alpine', 'aarch64-linux', 'x86_64-macos', 'aarch64-macos'];
    const files = names.map((name) => `texlab-${name}.tar.gz`);
    await publish('latex-lsp/texlab', 'v5.23.1', 'texlab', files, '0'.repeat(64));
    const at = await world.place();
    expect(await write(at, 'a.tex')).toBe('Wrote file successfully.');
    expect((await at.get('/lsp')).body).toEqual([]);
    const told = world.server.logs.filter((line) => line.includes('texlab was found neither'));
    expect(told).toEqual([expect.stringMatching(/^WARN .* is not what was published: .*; install texlab \(https:/)]);
  });
});
