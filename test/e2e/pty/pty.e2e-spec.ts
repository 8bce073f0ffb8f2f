import { type EventReader, TemporaryProject, TestServer } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { until } from '../../helpers/until.js';
import { TerminalSocket } from './terminal-client.js';

describe('terminals', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let events: EventReader;
  beforeAll(async () => {
    server = await TestServer.start({ variables: { SECRET_OF_SERVER: 'shh', TMUX: 'outer', PS1: '> ' } });
    project = await TemporaryProject.create({ files: { 'sub/a.txt': 'a' } });
    events = await server.events({ directory: project.directory });
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
  });

  const call = (method: string, path: string, json?: unknown) =>
    server.request(path, { method, directory: project.directory, ...(json !== undefined && { json }) });
  const create = async (input: object = {}) => {
    const { status, body } = await call('POST', '/pty', input);
    expect([status, body.status]).toEqual([200, 'running']);
    return body as { id: string; title: string; command: string; args: string[]; cwd: string; pid: number };
  };
  const address = (id: string, query = '') =>
    `${server.url}/pty/${id}/connect?directory=${encodeURIComponent(project.directory)}${query}`;
  const told = (type: string, id: string) =>
    events.next((event) => event.type === type && event.properties['id'] === id);
  const remove = async (id: string) => expect((await call('DELETE', `/pty/${id}`)).body).toBe(true);

  it('start with the shell of the user, in the directory, as a login shell', async () => {
    const { body } = await call('POST', '/pty');
    expect(body).toEqual({
      id: expect.stringMatching(/^pty_/),
      title: `Terminal ${body.id.slice(-4)}`,
      command: '/bin/sh',
      args: ['-l'],
      cwd: project.directory,
      status: 'running',
      pid: expect.any(Number),
    });
    expect((await events.next('pty.created')).properties).toEqual({ info: body });
    expect((await call('GET', '/pty')).body).toEqual([body]);
    expect((await call('GET', `/pty/${body.id}`)).body).toEqual(body);
    expect((await server.request('/pty')).body).toEqual([]);
    await remove(body.id);
  });

  it('run what is asked for, with its environment and directory', async () => {
    const script = 'echo "$TERM,$OPENCODE_TERMINAL,$MINE,$SECRET_OF_SERVER,${TMUX-none}"; pwd; stty size; cat';
    const { id, args } = await create({
      command: 'sh',
      args: ['-c', script],
      cwd: 'sub',
      title: 'Mine',
      env: { MINE: 'x', TERM: 'dumb' },
    });
    expect(args).toEqual(['-c', script, '-l']);
    const client = await TerminalSocket.open(address(id));
    await client.shows(/xterm-256color,1,x,shh,none\r\n.*\/sub\r\n24 80\r\n/);
    client.type('hello\n');
    await client.shows(/hello\r\nhello\r\n/);
    await remove(id);
    expect(await client.ends()).toBe(1000);
  });

  it('are renamed and resized', async () => {
    const { id } = await create({ command: '/bin/sh', args: ['-c', 'while read x; do stty size; done'] });
    const client = await TerminalSocket.open(address(id));
    const { body } = await call('PUT', `/pty/${id}`, { title: 'New', size: { rows: 10, cols: 33 } });
    expect(body.title).toBe('New');
    expect((await events.next('pty.updated')).properties).toEqual({ info: body });
    client.type('\n');
    await client.shows(/10 33/);
    expect((await call('PUT', `/pty/${id}`, { title: '' })).body.title).toBe('New');
    for (const size of [{ rows: 0, cols: 1 }, { rows: 1.5, cols: 1 }, { rows: 1, cols: 1e9 }, { rows: 1 }])
      expect((await call('PUT', `/pty/${id}`, { size })).status).toBe(400);
    await remove(id);
  });

  it('tell when their program ends, and are gone', async () => {
    const { id } = await create({ command: '/bin/sh', args: ['-c', 'echo last; read x; exit 3'] });
    const client = await TerminalSocket.open(address(id));
    await client.shows(/last/);
    client.type('\n');
    expect((await told('pty.exited', id)).properties).toEqual({ id, exitCode: 3 });
    expect(await client.ends()).toBe(1000);
    expect((await call('GET', `/pty/${id}`)).status).toBe(404);
    expect((await call('GET', '/pty')).body).toEqual([]);
  });

  it('tell by their exit code which signal ended them', async () => {
    const { id, pid } = await create({ command: '/bin/cat' });
    process.kill(pid, 'SIGKILL');
    expect((await told('pty.exited', id)).properties).toEqual({ id, exitCode: 137 });
  });

  it('are removed with all they started', async () => {
    const script = 'sleep 300 & echo "pid $!,"; nohup sleep 301 >/dev/null & echo "pid $!,"; cat';
    const { id, pid } = await create({ command: '/bin/bash', args: ['-ic', script] });
    const client = await TerminalSocket.open(address(id));
    await client.shows(/pid \d+,[^]*pid \d+,/);
    const pids = [pid, ...[...client.text.matchAll(/pid (\d+),/g)].map(([, each]) => Number(each))];
    expect(await Promise.all(pids.map(alive))).toEqual([true, true, true]);
    await remove(id);
    expect(await Promise.all(pids.map(alive))).toEqual([false, false, false]);
    expect((await told('pty.exited', id)).properties).toEqual({ id, exitCode: 0 });
    expect((await told('pty.deleted', id)).properties).toEqual({ id });
    expect((await call('DELETE', `/pty/${id}`)).status).toBe(404);
  });

  it.each([
    ['POST', '/pty', { command: '/no/such/program' }],
    ['POST', '/pty', { command: 'no-such-program' }],
    ['POST', '/pty', { cwd: '/no/such/directory' }],
    ['POST', '/pty', { args: 'x' }],
    ['POST', '/pty', { env: { A: 1 } }],
  ])('refuse what cannot be: %s %s %j', async (method, path, json) => {
    const { status, body } = await call(method, path, json);
    expect([status, body.success]).toEqual([400, false]);
  });

  it.each([
    ['GET', '/pty/pty_none'],
    ['PUT', '/pty/pty_none'],
    ['DELETE', '/pty/pty_none'],
    ['GET', '/pty/pty_none/connect'],
  ])('that do not exist are 404: %s %s', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 404, body: { name: 'NotFoundError' } });
  });

  describe('show their output', () => {
    let id: string;
    let first: TerminalSocket;
    beforeAll(async () => {
      ({ id } = await create({ command: '/bin/cat' }));
      first = await TerminalSocket.open(address(id));
      expect(await first.cursor()).toBe(0);
      first.type('äb😀\n');
      await first.shows(/äb😀\r\näb😀\r\n/);
    });
    afterAll(() => remove(id));

    const ALL = 'äb😀\r\näb😀\r\n';
    it.each([
      ['all of it', '', ALL],
      ['from a position', '&cursor=3', ALL.slice(3 + 0)],
      ['nothing from the end', '&cursor=-1', ''],
      ['nothing from beyond the end', '&cursor=99999', ''],
      ['all of it for what is no position', '&cursor=abc', ALL],
      ['all of it for what is no position', '&cursor=-2', ALL],
    ])('%s: %s', async (_what, query, text) => {
      const client = await TerminalSocket.open(address(id, query));
      expect(await client.cursor()).toBe(ALL.length);
      // half of a character cannot be sent as text
      expect(client.text.replace(/^\ufffd/, '')).toBe(text.replace(/^[\udc00-\udfff]/, ''));
      client.socket.close();
    });

    it('and go on for everybody', async () => {
      const second = await TerminalSocket.open(address(id, '&cursor=-1'));
      await second.cursor();
      second.socket.send(Buffer.from('from bytes\n'));
      await Promise.all([first.shows(/from bytes\r\nfrom bytes/), second.shows(/^from bytes\r\nfrom bytes\r\n$/)]);
      second.socket.close();
    });
  });

  it('give a client that comes late all of a long output', async () => {
    const { id } = await create({
      command: '/bin/sh',
      args: ['-c', 'yes 0123456789 | head -c 1000000; echo END; cat'],
    });
    const early = await TerminalSocket.open(address(id));
    await early.shows(/END\r\n$/);
    const late = await TerminalSocket.open(address(id));
    expect(await late.cursor()).toBe(early.text.length);
    expect(late.text === early.text).toBe(true);
    expect(late.frames.every((frame) => frame.length <= 65_536)).toBe(true);
    await remove(id);
  });

  it('wait for a client that is slow', async () => {
    const { id } = await create({
      command: '/bin/sh',
      args: ['-c', 'read x; yes 0123456789 | head -c 12000000; echo END; cat'],
    });
    const client = await TerminalSocket.open(address(id));
    client.socket.pause();
    client.type('\n');
    // far more than the system and both ends hold: the program cannot be ready before the client reads
    await new Promise((resolve) => setTimeout(resolve, 300));
    const watcher = await TerminalSocket.open(address(id, '&cursor=-1'));
    expect(await watcher.cursor()).toBeLessThan(12_000_000);
    client.socket.resume();
    await client.shows(/END\r\n$/);
    expect(client.text.length).toBeGreaterThan(12_000_000);
    await remove(id);
  });

  it('end with their instance, and keep it until then', async () => {
    const { id, pid } = await create({ command: '/bin/sh', args: ['-c', 'trap "" HUP TERM; cat'] });
    const client = await TerminalSocket.open(address(id));
    expect((await call('POST', '/instance/dispose')).body).toBe(true);
    expect(await client.ends()).toBe(1000);
    expect(await alive(pid)).toBe(false);
    expect((await call('GET', '/pty')).body).toEqual([]);
    events = await server.events({ directory: project.directory });
  });

  it('are limited in number', async () => {
    const ids = await Promise.all(Array.from({ length: 64 }, async () => (await create({ command: '/bin/cat' })).id));
    expect((await call('POST', '/pty')).status).toBe(400);
    await call('POST', '/instance/dispose');
    expect(new Set(ids).size).toBe(64);
    events = await server.events({ directory: project.directory });
  });

  it('end with the server', async () => {
    const other = await TestServer.start();
    const { body } = await other.request('/pty', { json: { command: '/bin/cat' } });
    const client = await TerminalSocket.open(`${other.url}/pty/${body.id}/connect`);
    await other.close();
    expect(await client.ends()).toBe(1000);
    await until(async () => !(await alive(body.pid)), 'the terminal is gone');
  });
});

describe('the WebSocket of a terminal', () => {
  const password = { authorization: `Basic ${Buffer.from('opencode:geheim').toString('base64')}` };

  it('is protected as all is', async () => {
    await using server = await TestServer.start({ credentials: { username: 'opencode', password: 'geheim' } });
    const { body } = await server.request('/pty', { json: { command: '/bin/cat' }, headers: password });
    const url = `${server.url}/pty/${body.id}/connect`;
    expect(await TerminalSocket.refused(url)).toEqual({ status: 401, body: 'Unauthorized' });
    expect((await TerminalSocket.refused(url, { ...password, origin: 'https://evil.example' })).status).toBe(403);
    expect((await TerminalSocket.refused(`${server.url}/pty/pty_none/connect`, password)).status).toBe(404);
    expect((await TerminalSocket.refused(`${server.url}/elsewhere`, password)).status).toBe(404);
    for (const origin of ['http://localhost:3000', 'https://opencode.ai', server.url]) {
      const client = await TerminalSocket.open(url, { ...password, origin });
      client.type('hi\n');
      await client.shows(/hi\r\nhi/);
      client.socket.close();
    }
  });

  it('answers for this machine only, without a password', async () => {
    await using server = await TestServer.start();
    const { body } = await server.request('/pty', { json: { command: '/bin/cat' } });
    const url = `${server.url}/pty/${body.id}/connect`;
    const refusal = await TerminalSocket.refused(url, { host: 'rebound.example' });
    expect(refusal).toMatchObject({ status: 403, body: expect.stringContaining('ForbiddenError') });
    expect((await TerminalSocket.refused(`${url}?directory=relative`)).status).toBe(400);
    expect((await server.request(`/pty/${body.id}/connect`)).status).toBe(426);
  });
});
