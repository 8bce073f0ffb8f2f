import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { describe as describeFailure } from '../../src/cli/failure.js';
import { ListenFailedError } from '../../src/listen-failed.error.js';
import { EventReader, reply, ScriptedModel, TemporaryProject, TestServer } from '../../src/testing.js';
import { freePort } from '../helpers/free-port.js';
import { runCommand, SpawnedServer } from '../helpers/spawn-server.js';

const WARNING = 'Warning: OPENCODE_SERVER_PASSWORD is not set; server is unsecured.\n';
const HELP = /^Usage: opencode/;

/** A port that is taken while the test needs it. */
async function takenPort(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, server };
}

/** A request with headers that fetch does not let pass. */
function get(url: string, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(new URL(path, url), { headers, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('opencode', () => {
  it('prints the version of the reference', async () => {
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: '1.2.6\n', stderr: '' });
    expect(await runCommand(['serve', '-v'])).toMatchObject({ code: 0, stdout: '1.2.6\n' });
  });

  it('helps', async () => {
    expect(await runCommand(['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(HELP) });
    const { code, stdout } = await runCommand(['serve', '-h']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/--port <number>.*--hostname <host>.*--cors/s)]);
  });

  it.each([[[]], [['unknown']], [['serve', '--unknown']], [['serve', 'word']], [['serve', '--log-level', 'LOUD']]])(
    'answers %j with help on stdout and exit code 1',
    async (args) => {
      expect(await runCommand(args)).toMatchObject({ code: 1, stdout: expect.stringMatching(HELP) });
    },
  );
});

describe('the address of the server', () => {
  it('is what is asked for, else what the global configuration says', async () => {
    const [port, configured] = [await freePort(), await freePort()];
    const globalConfig = {
      server: { port: configured, hostname: 'localhost', cors: ['https://configured.example'] },
    };
    {
      await using server = await TestServer.start({
        globalConfig,
        port,
        hostname: '127.0.0.1',
        cors: ['https://asked.example'],
      });
      expect(server.url).toBe(`http://127.0.0.1:${port}`);
      for (const origin of ['https://configured.example', 'https://asked.example']) {
        const { headers } = await server.request('/global/health', { headers: { origin } });
        expect(headers.get('access-control-allow-origin')).toBe(origin);
      }
    }
    await using server = await TestServer.start({ globalConfig, port: undefined });
    expect(server.url).toBe(`http://localhost:${configured}`);
  });

  it('has port 4096 unless that is taken', async () => {
    await using first = await TestServer.start({ port: 'preferred' });
    await using second = await TestServer.start({ port: 'preferred' });
    expect(second.url).not.toBe('http://127.0.0.1:4096');
    expect(second.url).not.toBe(first.url);
  });

  it('must be free', async () => {
    const { port, server } = await takenPort();
    try {
      const failure: unknown = await TestServer.start({ port }).catch((error: unknown) => error);
      expect(ListenFailedError.is(failure)).toBe(true);
      expect(describeFailure(failure)).toBe(`Failed to start server on port ${port}`);
      await expect(TestServer.start({ hostname: '192.0.2.1', port })).rejects.toThrow('Failed to start server');
    } finally {
      server.close();
    }
  });

  it('does not answer for the names of other hosts when it is a local one', async () => {
    await using server = await TestServer.start();
    const refused = await get(server.url, '/global/health', { host: 'evil.example' });
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      403,
      expect.objectContaining({ name: 'ForbiddenError' }),
    ]);
    expect(await get(server.url, '/global/health', { host: 'localhost:1' })).toMatchObject({ status: 200 });

    await using open = await TestServer.start({ credentials: { username: 'ada', password: 'secret' } });
    const authorization = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
    const named = await get(open.url, '/global/health', { host: 'box.example', authorization });
    expect(named.status).toBe(200);
  });
});

describe('opencode serve', () => {
  it('prints two lines, answers, and stops at SIGTERM', async () => {
    await using server = await SpawnedServer.start();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.command.stdout).toBe(`${WARNING}opencode server listening on ${server.url}\n`);
    const health = await fetch(`${server.url}/global/health`);
    expect([health.status, await health.json()]).toEqual([200, { healthy: true, version: '1.2.6' }]);

    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(server.command.stderr).toBe('');
    expect(await readdir(join(server.home, '.local/share/opencode/log'))).toHaveLength(1);
  });

  it('says on stderr why it does not start', async () => {
    await using project = await TemporaryProject.create();
    await project.write('.config/opencode/opencode.json', '{ "nonsense": 1 }');
    const { code, stdout, stderr } = await runCommand(['serve', '--port', 'any'], { home: project.directory });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Error: Configuration is invalid at .*opencode\.json\n↳ .+/);
  });

  it('asks for the password everywhere, and does not warn', async () => {
    await using server = await SpawnedServer.start([], {
      variables: { OPENCODE_SERVER_PASSWORD: 'secret', OPENCODE_SERVER_USERNAME: 'ada' },
    });
    expect(server.command.stdout).not.toContain('Warning');
    const authorization = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
    for (const path of ['/global/health', '/doc', '/event', '/unknown', '/session/%zz']) {
      const refused = await fetch(server.url + path, { headers: { origin: 'http://localhost:3000' } });
      expect([path, refused.status, await refused.text()]).toEqual([path, 401, 'Unauthorized']);
      expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Secure Area"');
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    }
    const known = await fetch(`${server.url}/global/health`, { headers: { authorization } });
    expect(known.status).toBe(200);
    const unknown = await fetch(`${server.url}/unknown`, { headers: { authorization } });
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/json']);
    const preflight = await fetch(`${server.url}/session`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-headers': 'authorization' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization']);
  });

  it('works below the allowed roots only', async () => {
    await using project = await TemporaryProject.create();
    await using server = await SpawnedServer.start([], { variables: { OPENCODE_ALLOWED_ROOTS: project.directory } });
    const status = async (directory: string) =>
      (await fetch(`${server.url}/path?directory=${encodeURIComponent(directory)}`)).status;
    expect([await status(project.directory), await status('/'), await status(`${project.directory}/..`)]).toEqual([
      200, 403, 403,
    ]);
  });

  it('stops in good order in the middle of a run with open streams', async () => {
    await using model = await ScriptedModel.start();
    await using project = await TemporaryProject.create({ model });
    await using server = await SpawnedServer.start([], { cwd: project.directory });
    model.push(reply().text('a').hang());
    using events = await EventReader.open(`${server.url}/event`);
    const session = (await (await fetch(`${server.url}/session`, { method: 'POST' })).json()) as { id: string };
    const prompt = fetch(`${server.url}/session/${session.id}/message`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ parts: [{ type: 'text', text: 'Hello' }] }),
    }).catch(() => undefined);
    const request = await model.request(1);

    expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null });
    await request.ended;
    expect(request.aborted).toBe(true);
    await events.ended();
    expect(events.types()).toContain('session.idle');
    // clients that hear of it read everything anew at once, and end when there is no server
    expect(events.types()).not.toContain('server.instance.disposed');
    await prompt;

    // the database was closed properly: nothing is left in its log
    const data = await readdir(join(server.home, '.local/share/opencode'));
    expect(data).toContain('opencode-nest.db');
    expect(data).not.toContain('opencode-nest.db-wal');
  });
});
