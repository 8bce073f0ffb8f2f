import { jest } from '@jest/globals';
import { chmod, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { plain, reply } from '../../../src/testing.js';
import { OAuthMcpServer, type OAuthServerOptions } from '../../helpers/oauth-mcp-server.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('logins at MCP servers', () => {
  let world: RunWorld;
  const servers: OAuthMcpServer[] = [];
  const printed: unknown[][] = [];
  beforeAll(async () => {
    // the SDK says things there
    for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const)
      jest.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words));
    world = await RunWorld.start();
  });
  afterEach(async () => {
    await world.settle();
    for (const server of servers.splice(0)) await server.close();
    expect(printed).toEqual([]);
  });
  afterAll(() => world.close());

  async function place(options?: OAuthServerOptions, config: Record<string, unknown> = {}) {
    const server = await OAuthMcpServer.start(options);
    servers.push(server);
    const name = `private-${servers.length}-${Math.random().toString(36).slice(2, 8)}`;
    const at = await world.place({ config: { mcp: { [name]: { type: 'remote', url: server.url, ...config } } } });
    return { server, at, name, status: async () => (await at.get('/mcp')).body[name] };
  }
  const file = () => join(world.server.home, '.local/share/opencode/mcp-auth.json');
  const stored = async (name: string) => JSON.parse(await readFile(file(), 'utf8'))[name];
  /** What a person does: opens the page, and is sent back. */
  const visit = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  };
  const start = async (at: Place, name: string) => new URL((await at.post(`/mcp/${name}/auth`)).body.authorizationUrl);
  /** Where the browser would be sent. */
  const returned = async (url: URL) => {
    const response = await fetch(url, { redirect: 'manual' });
    return new URL(response.headers.get('location')!);
  };

  it('are asked for at once, with a toast', async () => {
    const { at, name, server, status } = await place();
    expect(await status()).toEqual({ status: 'needs_auth' });
    const [toast] = await at.events.until('tui.toast.show').then((events) => events.slice(-1));
    expect(toast!.properties).toEqual({
      title: 'MCP Authentication Required',
      message: expect.stringContaining(name),
      variant: 'warning',
      duration: 8000,
    });
    const [client] = [...server.clients.values()];
    expect(client).toMatchObject({
      client_name: 'OpenCode',
      redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    });
  });

  it('work by the browser, and give the agent its tools', async () => {
    const { at, name, server, status } = await place({}, { headers: { 'x-team': 'blue' } });
    const url = await start(at, name);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: server.url,
      scope: 'mcp:tools',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp\/oauth\/callback$/),
    });
    const page = await visit(url.href);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Logged in')]);
    expect(await status()).toEqual({ status: 'connected' });
    // nothing left to do
    expect((await at.post(`/mcp/${name}/auth`)).body).toEqual({ authorizationUrl: '' });

    const { mode } = await stat(file());
    expect(mode & 0o777).toBe(0o600);
    expect(await stored(name)).toMatchObject({
      tokens: { accessToken: server.given[0], refreshToken: expect.any(String), scope: 'mcp:tools' },
      clientInfo: { clientId: [...server.clients.keys()].at(-1) },
      serverUrl: server.url,
    });
    expect((await stored(name)).tokens.expiresAt).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect(server.headers.every((headers) => headers['x-team'] === 'blue' || headers['sec-fetch-mode'])).toBe(true);

    const tool = `${name}_whoami`;
    world.model.push(reply().tool(tool, {}), reply().text('It is you.'));
    const session = await at.session();
    await at.prompt(session, 'Who am I?');
    const results = world.model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => plain(content))).toEqual(['you']);
    expect(world.server.logs.join('\n')).not.toContain(server.given[0]);
    // it has none, and is not asked
    expect([
      (await at.get('/experimental/resource')).body,
      server.calls.filter((method) => /^(?:prompts|resources)/.test(method)),
    ]).toEqual([{}, []]);
  });

  it('are renewed when a token is no longer good, and asked for again when that fails', async () => {
    const { at, name, server, status } = await place();
    await visit((await start(at, name)).href);
    server.expire();
    world.model.push(
      reply().tools({ name: `${name}_whoami`, arguments: {} }, { name: `${name}_whoami`, arguments: {} }),
      reply().text('Done.'),
    );
    const session = await at.session();
    await at.prompt(session, 'Who am I?');
    const [, call] = await at.history(session);
    expect(call!.parts.flatMap(({ state }) => state?.output ?? [])).toEqual(['you', 'you']);
    expect(server.given).toHaveLength(2);
    expect((await stored(name)).tokens.accessToken).toBe(server.given[1]);

    server.revoke();
    await at.post(`/mcp/${name}/connect`);
    expect(await status()).toEqual({ status: 'needs_auth' });
  });

  it('take a code that a person hands over', async () => {
    const { at, name, status } = await place();
    const callback = (code: unknown) => at.post(`/mcp/${name}/auth/callback`, { code });
    expect((await callback('x')).status).toBe(400);
    const back = await returned(await start(at, name));
    expect(await callback('wrong')).toMatchObject({
      status: 200,
      body: { status: 'failed', error: expect.any(String) },
    });
    expect(await status()).toEqual({ status: 'needs_auth' });
    expect(await callback(back.searchParams.get('code'))).toMatchObject({ status: 200, body: { status: 'connected' } });
    expect((await callback(undefined)).status).toBe(400);
    // the browser comes late
    expect((await visit(back.href).catch(() => ({ status: 0 }))).status).not.toBe(200);
  });

  it('wait for the browser', async () => {
    const { at, name } = await place();
    const waiting = at.post(`/mcp/${name}/auth/authenticate`);
    const { properties } = await at.events.next('mcp.browser.open.failed');
    expect(properties).toEqual({ mcpName: name, url: expect.stringContaining('/authorize?') });
    const back = await returned(new URL(properties['url']));
    const other = new URL(back);
    other.pathname = '/else';
    expect((await visit(other.href)).status).toBe(404);
    for (const [key, value] of [
      ['state', ''],
      ['state', 'guessed'],
      ['code', ''],
    ] as const) {
      const bent = new URL(back);
      bent.searchParams.set(key, value);
      expect([key, value, (await visit(bent.href)).status]).toEqual([key, value, 400]);
    }
    expect((await visit(back.href)).status).toBe(200);
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'connected' } });
    expect(await at.post(`/mcp/${name}/auth/authenticate`)).toMatchObject({ body: { status: 'connected' } });
  });

  it('come back to another port when the usual one is taken', async () => {
    const holder = createServer().on('error', () => undefined);
    holder.listen(19_876, '127.0.0.1');
    try {
      const { at, name, server, status } = await place();
      expect(await status()).toEqual({ status: 'needs_auth' });
      const url = await start(at, name);
      const redirect = url.searchParams.get('redirect_uri');
      expect(redirect).not.toContain(':19876/');
      // the address is registered
      expect([...server.clients.values()].at(-1)).toMatchObject({ redirect_uris: [redirect] });
      expect((await visit(url.href)).status).toBe(200);
      expect(await status()).toEqual({ status: 'connected' });
      // tokens are renewed for that client
      server.expire();
      await at.post(`/mcp/${name}/connect`);
      expect([await status(), server.given.length]).toEqual([{ status: 'connected' }, 2]);
    } finally {
      holder.close();
    }
  });

  it('open the browser where there is one', async () => {
    const opened = join(world.server.home, 'opened');
    const { at, name } = await place();
    await at.project.write('bin/xdg-open', `#!/bin/sh\nprintf %s "$1" > ${opened}\n`);
    await chmod(at.project.path('bin/xdg-open'), 0o755);
    const second = await RunWorld.start({ variables: { PATH: `${at.project.path('bin')}:${process.env['PATH']}` } });
    try {
      const mcp = { [name]: { type: 'remote', url: servers.at(-1)!.url } };
      const there = await second.place({ config: { mcp } });
      const waiting = there.post(`/mcp/${name}/auth/authenticate`);
      for (let i = 0; i < 200 && !(await stat(opened).catch(() => undefined)); i++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      await visit(await readFile(opened, 'utf8'));
      expect(await waiting).toMatchObject({ body: { status: 'connected' } });
      expect(there.events.all('mcp.browser.open.failed')).toEqual([]);
    } finally {
      await second.settle();
      await second.close();
    }
  });

  it('can be refused, given up and forgotten', async () => {
    const { at, name, server, status } = await place();
    server.denies = true;
    const waiting = at.post(`/mcp/${name}/auth/authenticate`);
    const { properties } = await at.events.next('mcp.browser.open.failed');
    const page = await visit(properties['url']);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('The person said &lt;no&gt;')]);
    expect((await waiting).body).toEqual({ status: 'failed', error: 'The person said <no>' });

    server.denies = false;
    await visit((await start(at, name)).href);
    const remove = () => world.server.request(`/mcp/${name}/auth`, { method: 'DELETE', directory: at.directory });
    expect((await remove()).body).toEqual({ success: true });
    expect((await remove()).body).toEqual({ success: true });
    expect(await stored(name)).toBeUndefined();
    expect(await status()).toEqual({ status: 'connected' });
    await at.post(`/mcp/${name}/connect`);
    expect(await status()).toEqual({ status: 'needs_auth' });

    const disposed = at.post(`/mcp/${name}/auth/authenticate`);
    await at.events.next('mcp.browser.open.failed');
    await at.post('/instance/dispose');
    expect((await disposed).body).toEqual({ status: 'failed', error: 'The instance was disposed' });
  });

  it('need a client that was registered by hand where there is no registration', async () => {
    const { at, name, status } = await place({ registration: false });
    expect(await status()).toEqual({
      status: 'needs_client_registration',
      error: expect.stringContaining('"oauth": { "clientId"'),
    });
    expect((await at.post(`/mcp/${name}/auth`)).status).toBe(400);

    const client = {
      client_id: 'by-hand',
      client_secret: 'very secret',
      redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'],
    };
    const own = await place(
      { registration: false, client },
      { oauth: { clientId: 'by-hand', clientSecret: 'very secret', scope: 'mcp:tools extra' } },
    );
    const url = await start(own.at, own.name);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ client_id: 'by-hand', scope: 'mcp:tools extra' });
    const code = (await returned(url)).searchParams.get('code');
    const done = await own.at.post(`/mcp/${own.name}/auth/callback`, { code });
    expect(done.body).toEqual({ status: 'connected' });
  });

  it('are not for every server', async () => {
    const { at, name, status } = await place({}, { oauth: false });
    expect(await status()).toEqual({ status: 'failed', error: expect.stringMatching(/^HTTP 401.*"headers"/) });
    for (const action of ['auth', 'auth/authenticate'])
      expect((await at.post(`/mcp/${name}/${action}`)).status).toBe(400);
    for (const action of ['auth', 'auth/authenticate'])
      expect((await at.post(`/mcp/nobody/${action}`)).status).toBe(404);
    expect((await at.post('/mcp/nobody/auth/callback', { code: 'x' })).status).toBe(404);
    expect((await world.server.request('/mcp/nobody/auth', { method: 'DELETE' })).status).toBe(404);
  });
});
