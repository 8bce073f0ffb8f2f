import { once } from 'node:events';
import { chmod, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { plain, reply } from '../../../src/testing.js';
import { codeOf, LoginPlace, LoginWorld, returned, visit } from '../../helpers/login-world.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('logins at MCP servers', () => {
  let logins: LoginWorld;
  beforeAll(async () => {
    logins = await LoginWorld.start();
  });
  afterEach(() => logins.settle());
  afterAll(() => logins.close());

  it('are asked for at once, with a toast', async () => {
    const place = await logins.place();
    expect(await place.status()).toEqual({ status: 'needs_auth' });
    const [toast] = await place.at.events.until('tui.toast.show').then((events) => events.slice(-1));
    expect(toast!.properties).toEqual({
      title: 'MCP Authentication Required',
      message: expect.stringContaining(place.name),
      variant: 'warning',
      duration: 8000,
    });
    const [client] = [...place.server.clients.values()];
    expect(client).toMatchObject({
      client_name: 'OpenCode',
      redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    });
  });

  it('work by the browser, and give the agent its tools', async () => {
    const place = await logins.place({}, { headers: { 'x-team': 'blue' } });
    const { at, name, server } = place;
    const url = await place.start();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: server.url,
      scope: 'mcp:tools',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp\/oauth\/callback$/),
    });
    expect(await visit(url)).toEqual({ status: 200, text: expect.stringContaining('Logged in') });
    expect(await place.status()).toEqual({ status: 'connected' });
    // nothing left to do
    expect((await place.post('auth')).body).toEqual({ authorizationUrl: '' });

    expect((await stat(logins.file)).mode & 0o777).toBe(0o600);
    const stored = await place.stored();
    expect(stored).toMatchObject({
      tokens: { accessToken: server.given[0], refreshToken: expect.any(String), scope: 'mcp:tools' },
      clientInfo: { clientId: [...server.clients.keys()].at(-1) },
      serverUrl: server.url,
    });
    expect(stored.tokens.expiresAt).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect(server.headers.every((headers) => headers['x-team'] === 'blue' || headers['sec-fetch-mode'])).toBe(true);

    const { world } = logins;
    world.model.push(reply().tool(`${name}_whoami`, {}), reply().text('It is you.'));
    const session = await at.session();
    await at.prompt(session, 'Who am I?');
    const results = world.model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => plain(content))).toEqual(['you']);
    expect(world.server.logs.join('\n')).not.toContain(server.given[0]);
    // it has none, and is not asked
    expect((await at.get('/experimental/resource')).body).toEqual({});
    expect(server.calls.filter((method) => /^(?:prompts|resources)/.test(method))).toEqual([]);
  });

  it('take a code that a person hands over', async () => {
    const place = await logins.place();
    expect((await place.finish('x')).status).toBe(400);
    const back = await returned(await place.start());
    expect(await place.finish('wrong')).toMatchObject({
      status: 200,
      body: { status: 'failed', error: expect.any(String) },
    });
    expect(await place.status()).toEqual({ status: 'needs_auth' });
    expect(await place.finish(back.searchParams.get('code'))).toMatchObject({
      status: 200,
      body: { status: 'connected' },
    });
    // both were sent once
    expect(place.server.requests.filter((request) => request === 'POST /token')).toHaveLength(2);
    expect((await place.post('auth/callback')).status).toBe(400);
    // the browser comes late
    expect((await visit(back).catch(() => ({ status: 0 }))).status).not.toBe(200);
  });

  it('wait for the browser, which cannot come twice', async () => {
    const place = await logins.place();
    const waiting = place.post('auth/authenticate');
    const { properties } = await place.at.events.next('mcp.browser.open.failed');
    expect(properties).toEqual({ mcpName: place.name, url: expect.stringContaining('/authorize?') });
    const other = await logins.place();
    const otherPage = await other.start();
    const back = await returned(properties['url']);
    const answers = async (change: (url: URL) => void) => {
      const bent = new URL(back);
      change(bent);
      return (await visit(bent)).status;
    };
    expect(await answers((url) => (url.pathname = '/else'))).toBe(404);
    expect(await answers(({ searchParams }) => searchParams.set('state', ''))).toBe(400);
    expect(await answers(({ searchParams }) => searchParams.set('state', 'guessed'))).toBe(400);
    expect(await answers(({ searchParams }) => searchParams.set('code', ''))).toBe(400);
    // nobody's login is refused by somebody who does not know its state
    expect(
      await answers(({ searchParams }) => {
        searchParams.set('state', 'guessed');
        searchParams.set('error', 'access_denied');
      }),
    ).toBe(200);
    // for IPv4 on this machine only
    await expect(fetch(`http://[::1]:${back.port}/`)).rejects.toThrow('fetch failed');

    expect(await answers(() => undefined)).toBe(200);
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'connected' } });
    expect(await answers(() => undefined)).toBe(400);
    expect(await place.post('auth/authenticate')).toMatchObject({ body: { status: 'connected' } });
    // another one goes on meanwhile
    expect((await visit(otherPage)).status).toBe(200);
    expect(await other.status()).toEqual({ status: 'connected' });
    // nobody listens any more; at the usual port there may be another server
    expect((await visit(back).catch(() => ({ status: 0 }))).status).not.toBe(200);
  });

  it('go on when whoever waits for them goes away', async () => {
    const place = await logins.place();
    const gone = new AbortController();
    const waiting = place.at.server.fetch(`/mcp/${place.name}/auth/authenticate`, {
      method: 'POST',
      directory: place.at.directory,
      signal: gone.signal,
    });
    const { properties } = await place.at.events.next('mcp.browser.open.failed');
    gone.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect((await visit(properties['url'])).status).toBe(200);
    expect(await place.status()).toEqual({ status: 'connected' });
  });

  it('come back to another port when the usual one is taken', async () => {
    const holder = createServer();
    // tests beside this one use it too
    while (!holder.listening) await once(holder.listen(19_876, '127.0.0.1'), 'listening').catch(() => setTimeout(20));
    try {
      const place = await logins.place();
      expect(await place.status()).toEqual({ status: 'needs_auth' });
      const url = await place.start();
      const redirect = url.searchParams.get('redirect_uri');
      expect(redirect).not.toContain(':19876/');
      // the address is registered
      expect([...place.server.clients.values()].at(-1)).toMatchObject({ redirect_uris: [redirect] });
      expect((await visit(url)).status).toBe(200);
      expect(await place.status()).toEqual({ status: 'connected' });
      // tokens are renewed for that client
      place.server.expire();
      expect([await place.connect(), place.server.given.length]).toEqual([{ status: 'connected' }, 2]);
    } finally {
      holder.close();
    }
  });

  it('open the browser where there is one', async () => {
    const place = await logins.place();
    const { project } = place.at;
    const opened = join(logins.world.server.home, 'opened');
    await project.write('bin/xdg-open', `#!/bin/sh\nprintf %s "$1" > ${opened}\n`);
    await chmod(project.path('bin/xdg-open'), 0o755);
    const second = await RunWorld.start({ variables: { PATH: `${project.path('bin')}:${process.env['PATH']}` } });
    try {
      const mcp = { [place.name]: { type: 'remote', url: place.server.url } };
      const there = await second.place({ config: { mcp } });
      const waiting = there.post(`/mcp/${place.name}/auth/authenticate`);
      for (let i = 0; i < 200 && !(await stat(opened).catch(() => undefined)); i++) await setTimeout(50);
      await visit(await readFile(opened, 'utf8'));
      expect(await waiting).toMatchObject({ body: { status: 'connected' } });
      expect(there.events.all('mcp.browser.open.failed')).toEqual([]);
    } finally {
      await second.settle();
      await second.close();
    }
  });

  it('can be refused, given up and forgotten', async () => {
    const place = await logins.place();
    const { at, server } = place;
    server.denies = true;
    const waiting = place.post('auth/authenticate');
    const { properties } = await at.events.next('mcp.browser.open.failed');
    expect(await visit(properties['url'])).toEqual({
      status: 200,
      text: expect.stringContaining('The person said &lt;no&gt;'),
    });
    expect((await waiting).body).toEqual({ status: 'failed', error: 'The person said <no>' });

    const coloured = place.post('auth/authenticate');
    const back = await returned((await at.events.next('mcp.browser.open.failed')).properties['url']);
    back.searchParams.set('error_description', 'in \u001b[31mred\nand more');
    await visit(back);
    expect((await coloured).body.error).toBe(String.raw`in \u001b[31mred\u000aand more`);

    server.denies = false;
    await place.login();
    expect((await place.forget()).body).toEqual({ success: true });
    expect((await place.forget()).body).toEqual({ success: true });
    expect(await place.stored()).toBeUndefined();
    expect(await place.status()).toEqual({ status: 'connected' });
    expect(await place.connect()).toEqual({ status: 'needs_auth' });

    const forgotten = place.post('auth/authenticate');
    const page = (await at.events.next('mcp.browser.open.failed')).properties['url'];
    await place.forget();
    expect((await forgotten).body).toEqual({ status: 'failed', error: 'The login was removed' });
    expect((await place.finish(await codeOf(page))).status).toBe(400);

    const replaced = place.post('auth/authenticate');
    await at.events.next('mcp.browser.open.failed');
    await place.start();
    expect((await replaced).body).toEqual({ status: 'failed', error: 'Another login was started' });

    const disposed = place.post('auth/authenticate');
    await at.events.next('mcp.browser.open.failed');
    await at.post('/instance/dispose');
    expect((await disposed).body).toEqual({ status: 'failed', error: 'The instance was disposed' });
  });

  it('that are forgotten while a code is traded leave nothing', async () => {
    const place = await logins.place();
    const code = await codeOf(await place.start());
    const { asked, answer } = place.server.hold('/token');
    const finishing = place.finish(code);
    await asked;
    await place.forget();
    answer();
    expect((await finishing).body).toMatchObject({ status: 'failed' });
    expect(await place.stored()).toBeUndefined();
  });

  it('need a client that was registered by hand where there is no registration', async () => {
    const none = await logins.place({ registration: false });
    expect(await none.status()).toEqual({
      status: 'needs_client_registration',
      error: expect.stringContaining('"oauth": { "clientId"'),
    });
    expect((await none.post('auth')).status).toBe(400);

    const client = {
      client_id: 'by-hand',
      client_secret: 'very secret',
      redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
    };
    const own = await logins.place(
      { registration: false, client },
      { oauth: { clientId: 'by-hand', clientSecret: 'very secret', scope: 'mcp:tools extra' } },
    );
    const url = await own.start();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ client_id: 'by-hand', scope: 'mcp:tools extra' });
    expect((await own.finish(await codeOf(url))).body).toEqual({ status: 'connected' });
    own.server.expire();
    expect(await own.connect()).toEqual({ status: 'connected' });
    // the secret is in the body of both requests
    expect(own.server.requests.filter((request) => request === 'POST /token')).toHaveLength(2);
    expect(own.server.headers.filter(({ authorization }) => authorization?.startsWith('Basic'))).toEqual([]);
    // nothing of the client is kept
    expect(await own.stored()).toEqual({ tokens: expect.any(Object), serverUrl: own.server.url });
  });

  it('are not for every server', async () => {
    const place = await logins.place({}, { oauth: false });
    expect(await place.status()).toEqual({ status: 'failed', error: expect.stringMatching(/^HTTP 401.*"headers"/) });
    for (const action of ['auth', 'auth/authenticate']) expect((await place.post(action)).status).toBe(400);
    const { at } = place;
    for (const action of ['auth', 'auth/authenticate'])
      expect((await at.post(`/mcp/nobody/${action}`)).status).toBe(404);
    expect((await at.post('/mcp/nobody/auth/callback', { code: 'x' })).status).toBe(404);
    expect((await at.delete('/mcp/nobody/auth')).status).toBe(404);
  });

  it('are for servers of any name', async () => {
    const server = await logins.server();
    const names = ['a/b', 'two words', '__proto__', 'constructor', 'é%2F?'];
    for (const name of names) {
      const at = await logins.world.place();
      await at.post('/mcp', { name, config: { type: 'remote', url: server.url } });
      const place = new LoginPlace(at, name, server);
      expect([name, (await place.forget()).body]).toEqual([name, { success: true }]);
      expect([name, (await place.login()).status]).toEqual([name, 200]);
      const statuses = new Map(Object.entries((await at.get('/mcp')).body));
      expect([name, statuses.get(name)]).toEqual([name, { status: 'connected' }]);
      expect((await place.forget()).body).toEqual({ success: true });
    }
    const kept = Object.keys(JSON.parse(await readFile(logins.file, 'utf8')));
    expect(kept.filter((name) => names.includes(name))).toEqual([]);
  });
});
