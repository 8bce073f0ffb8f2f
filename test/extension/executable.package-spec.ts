import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { reply, ScriptedModel } from '../../src/testing.js';
import { ROOT, run } from './scratch.js';

const EXECUTABLE = join(ROOT, 'dist/executable/opencode');

/** A machine without Node, npm and a network: nothing but a home directory and the usual programs. */
describe('the executable', () => {
  let home: string;
  let server: ChildProcess;
  let url: string;
  beforeAll(async () => {
    await run('npm', ['run', '-s', 'build:executable'], ROOT);
    home = await realpath(await mkdtemp(join(tmpdir(), 'opencode-bare-')));
    await writeFile(join(home, 'index.ts'), 'export const answer = 42;\n');
    server = spawn(EXECUTABLE, ['web', '--no-open', '--port', 'any'], {
      cwd: home,
      env: bare(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: server.stdout! })) {
      const [, found] = /^opencode server listening on (\S+)$/.exec(line) ?? [];
      if (found === undefined) continue;
      url = found;
      break;
    }
  });
  afterAll(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const bare = () => ({ HOME: home, PATH: '/usr/bin:/bin' });
  const send = async (path: string, method: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    return JSON.parse(await response.text());
  };
  const post = (path: string, body: object) => send(path, 'POST', body);
  const say = async (text: string): Promise<string> => {
    const session = await post('/session', {});
    const { parts } = await post(`/session/${session.id}/message`, { parts: [{ type: 'text', text }] });
    return parts
      .flatMap((part: { type: string; text?: string }) => (part.type === 'text' ? [part.text] : []))
      .join('\n');
  };

  it('runs tools: files, the shell behind its grammar, ripgrep', async () => {
    expect(await say('read index.ts')).toContain('answer = 42');
    expect(await say('run `echo $((6 * 7))`')).toContain('42');
    expect(await say('search for answer')).toContain('index.ts');
    const found = await fetch(`${url}/find?pattern=answer`);
    expect(await found.json()).toMatchObject([{ path: { text: 'index.ts' }, line_number: 1 }]);
  });

  it('serves the document, the explorer, the page and the catalogue', async () => {
    for (const path of ['/', '/web/page.css', '/web/page.js']) expect((await fetch(url + path)).status).toBe(200);
    const document = JSON.parse(await (await fetch(`${url}/doc`)).text());
    expect(Object.keys(document.paths).length).toBeGreaterThan(60);
    expect((await fetch(`${url}/doc/assets/swagger-ui-bundle.js`)).status).toBe(200);
    const { all } = JSON.parse(await (await fetch(`${url}/provider`)).text());
    expect(all.length).toBeGreaterThan(50);
  });

  it('keeps sessions in SQLite', async () => {
    const { title } = await post('/session', { title: 'Kept' });
    const listed = await run(EXECUTABLE, ['db', 'query', 'select count(*) as sessions from session'], home, bare());
    expect([title, listed.stdout.split('\n')[0]]).toEqual(['Kept', 'sessions']);
  });

  it('has terminals', async () => {
    const pty = await post('/pty', { command: '/bin/sh' });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/pty/${pty.id}/connect`);
    let shown = '';
    socket.on('message', (data: Buffer, isBinary) => void (shown += isBinary ? '' : data.toString()));
    await once(socket, 'open');
    await send(`/pty/${pty.id}`, 'PUT', { size: { cols: 91, rows: 17 } });
    socket.send('stty size; exit 3\n');
    await once(socket, 'close');
    // the program ended, so the terminal is gone
    expect(shown).toMatch(/\b17 91\b/);
    expect((await fetch(`${url}/pty/${pty.id}`)).status).toBe(404);
  });

  it('has bundled providers', async () => {
    const providers = {
      openai: { options: { baseURL: 'http://127.0.0.1:9/v1', apiKey: 'key' } },
      anthropic: { options: { baseURL: 'http://127.0.0.1:9/v1', apiKey: 'key' } },
    };
    await writeFile(join(home, 'opencode.json'), JSON.stringify({ provider: providers }));
    const { stdout } = await run(EXECUTABLE, ['models'], home, bare());
    expect(stdout).toMatch(/^anthropic\/claude-/m);
    expect(stdout).toMatch(/^openai\/gpt-/m);
    // nobody listens there: the request is made, and that is what is asked for
    const failed = run(EXECUTABLE, ['run', '-m', 'openai/gpt-5', 'hello'], home, bare());
    await expect(failed).rejects.toThrow(/127\.0\.0\.1:9|connect|fetch failed/i);
  });

  it('installs a provider package where there is an npm', async () => {
    await using model = await ScriptedModel.start();
    model.push(reply().text('Hello from a package'));
    const acme = { npm: '@ai-sdk/groq@4.0.84', options: { baseURL: model.baseURL, apiKey: 'key' }, models: { m: {} } };
    await writeFile(join(home, 'opencode.json'), JSON.stringify({ provider: { acme } }));
    const env = { ...process.env, ...bare(), PATH: process.env['PATH'] };
    const { stdout } = await run(EXECUTABLE, ['run', '-m', 'acme/m', 'hello'], home, env);
    expect(stdout).toContain('Hello from a package');
  });
});
