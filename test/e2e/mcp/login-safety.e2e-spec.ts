import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../../../src/index.js';
import { codeOf, type LoginPlace, LoginWorld, returned, visit } from '../../helpers/login-world.js';
import type { OAuthMcpServer } from '../../helpers/oauth-mcp-server.js';

/** Time that does not pass before a test says so. */
class HeldClock extends Clock {
  private readonly held = Promise.withResolvers<void>();

  now(): number {
    return Date.now();
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    // what a person has to log in; the rest goes on
    if (milliseconds !== 300_000) return delay(milliseconds, undefined, { signal });
    await this.held.promise;
  }

  pass(): void {
    this.held.resolve();
  }
}

const RESOURCE = '/.well-known/oauth-protected-resource/mcp';
const LOGIN = '/.well-known/oauth-authorization-server';

/** What a login server says of itself, changed. */
const about = ({ origin }: OAuthMcpServer, changes: object = {}) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  response_types_supported: ['code'],
  ...changes,
});
const resource = ({ url }: OAuthMcpServer, login: string) => ({ resource: url, authorization_servers: [login] });

describe('logins at MCP servers', () => {
  let logins: LoginWorld;
  const clock = new HeldClock();
  beforeAll(async () => {
    logins = await LoginWorld.start({ clock });
  });
  afterEach(() => logins.settle());
  afterAll(() => logins.close());

  /** What is said of a login that is not possible. */
  async function refusal(place: LoginPlace): Promise<[string, number]> {
    const { status, body } = await place.post('auth');
    return [body.error?.[0]?.message ?? JSON.stringify(body), status];
  }

  it.each<[string, (server: OAuthMcpServer) => void, string]>([
    [
      'a file',
      (server) => server.say(RESOURCE, resource(server, 'file:///etc')),
      'The login leads to file://, which is not https: refused',
    ],
    [
      'data',
      (server) => {
        const challenge = 'Bearer resource_metadata="data:application/json,{}"';
        server.say('/mcp', '', 401, { 'www-authenticate': challenge });
      },
      'The login leads to data://, which is not https: refused',
    ],
    [
      'a service of the network without TLS',
      (server) => server.say(RESOURCE, resource(server, 'http://169.254.169.254/latest')),
      'The login leads to http://169.254.169.254, which is not https: refused',
    ],
    [
      'a page that is a file',
      (server) => server.say(LOGIN, about(server, { authorization_endpoint: 'file:///usr/bin/true' })),
      'The login leads to file://, which is not https: refused',
    ],
    [
      'a page that is a program',
      (server) => server.say(LOGIN, about(server, { authorization_endpoint: 'javascript:alert(1)' })),
      'URL',
    ],
    [
      'a page of another host without TLS',
      (server) => server.say(LOGIN, about(server, { authorization_endpoint: 'http://example.com/login' })),
      'The login leads to http://example.com, which is not https: refused',
    ],
    [
      'tokens that go over the network in clear',
      (server) => server.say(LOGIN, about(server, { token_endpoint: 'http://example.com/token' })),
      "Refusing to send credentials to non-https token endpoint 'http://example.com/token'",
    ],
    [
      'a registration elsewhere without TLS',
      (server) => server.say(LOGIN, about(server, { registration_endpoint: 'http://example.com/register' })),
      'The login leads to http://example.com, which is not https: refused',
    ],
    [
      'codes that go to somebody else than who gave them',
      (server) => {
        const changes = { issuer: 'https://example.com', authorization_endpoint: 'https://example.com/authorize' };
        server.say(LOGIN, about(server, changes));
      },
      'calls itself https://example.com, and would send what it gives elsewhere: refused',
    ],
    [
      'tokens for another server',
      (server) => server.say(RESOURCE, { resource: 'https://example.com/mcp', authorization_servers: [server.origin] }),
      'The server says that it is https://example.com/mcp',
    ],
    ['too large an answer', (server) => server.say(LOGIN, 'x'.repeat(2 * 1024 * 1024)), 'is larger than 1048576 bytes'],
    [
      'another place by a redirect',
      (server) => server.say(RESOURCE, '', 302, { location: 'http://169.254.169.254/' }),
      // it is taken for a server that does not say who its login server is, which is this one
      '',
    ],
  ])('do not lead to %s', async (_, change, expected) => {
    const place = await logins.place();
    change(place.server);
    if (expected === '') expect((await place.start()).origin).toBe(place.server.origin);
    else expect(await refusal(place)).toEqual([expect.stringContaining(expected), 400]);
    expect((await place.connect()).status).toBe(expected === '' ? 'needs_auth' : 'failed');
  });

  it('keep the headers of the configuration to the server', async () => {
    const [elsewhere, place] = [
      await logins.server(),
      await logins.place({}, { headers: { 'x-key': 'of this server' } }),
    ];
    place.server.say(RESOURCE, resource(place.server, elsewhere.origin));
    expect(await place.status()).toEqual({ status: 'needs_auth' });
    const page = await place.start();
    expect(page.origin).toBe(elsewhere.origin);
    expect(elsewhere.requests).toEqual(expect.arrayContaining([`GET ${LOGIN}`, 'POST /register']));
    // nor by a redirect
    place.server.say('/mcp', '', 307, { location: elsewhere.url });
    expect(await place.connect()).toMatchObject({ status: 'failed', error: expect.stringContaining('Redirect to') });
    expect(elsewhere.headers.filter((headers) => 'x-key' in headers)).toEqual([]);
    expect(place.server.headers.filter((headers) => !('x-key' in headers))).toEqual([]);
  });

  it('work at servers of the older kind', async () => {
    const place = await logins.place({ resourceMetadata: false });
    const page = await place.start();
    expect([page.searchParams.get('resource'), page.searchParams.get('scope')]).toEqual([null, null]);
    expect((await visit(page)).status).toBe(200);
    expect(await place.status()).toEqual({ status: 'connected' });
  });

  it('work at servers that say nothing at all of their login', async () => {
    const place = await logins.place({ resourceMetadata: false });
    place.server.say(LOGIN, 'Not here', 404);
    expect((await place.login()).status).toBe(200);
    expect(await place.status()).toEqual({ status: 'connected' });
  });

  it('work at servers whose metadata are at the root, and are those of another issuer', async () => {
    const place = await logins.place();
    place.server.say(RESOURCE, 'Not here', 404);
    place.server.say('/.well-known/oauth-protected-resource', {
      ...resource(place.server, place.server.origin),
      scopes_supported: ['from the root'],
    });
    const challenge = 'Bearer error="invalid_token"';
    place.server.say('/mcp', '', 401, { 'www-authenticate': challenge });
    place.server.say(LOGIN, about(place.server, { issuer: 'https://example.com' }));
    const page = await place.start();
    expect(page.searchParams.get('scope')).toBe('from the root');
    place.server.instead.delete('/mcp');
    expect((await visit(page)).status).toBe(200);
    expect((await place.stored()).tokens.issuer).toBe('https://example.com');
  });

  it('ask for what the server wants', async () => {
    const place = await logins.place();
    const challenge = `Bearer scope="first second", resource_metadata="${place.server.origin}/somewhere"`;
    place.server.say('/mcp', '', 401, { 'www-authenticate': challenge });
    place.server.say('/somewhere', resource(place.server, `${place.server.origin}/tenant`));
    const issuer = `${place.server.origin}/tenant`;
    place.server.say(`${LOGIN}/tenant`, about(place.server, { issuer, scopes_supported: ['offline_access'] }));
    const { searchParams } = await place.start();
    expect(Object.fromEntries(searchParams)).toMatchObject({
      scope: 'first second offline_access',
      resource: place.server.url,
    });
  });

  it('take no code of another login server, as far as the browser is told', async () => {
    const place = await logins.place();
    place.server.say(LOGIN, about(place.server, { authorization_response_iss_parameter_supported: true }));
    for (const [iss, status] of [
      ['https://example.com', 'needs_auth'],
      [undefined, 'needs_auth'],
      [place.server.origin, 'connected'],
    ] as const) {
      const back = await returned(await place.start());
      if (iss !== undefined) back.searchParams.set('iss', iss);
      await visit(back);
      expect([iss, (await place.status()).status]).toEqual([iss, status]);
    }
    await place.forget();
    await place.connect();
    // one that a person hands over comes without
    expect((await place.finish(await codeOf(await place.start()))).body).toEqual({ status: 'connected' });
  });

  it('end after five minutes', async () => {
    const place = await logins.place();
    const waiting = place.post('auth/authenticate');
    const { properties } = await place.at.events.next('mcp.browser.open.failed');
    clock.pass();
    expect((await waiting).body).toEqual({ status: 'failed', error: 'Nobody logged in within five minutes' });
    expect((await visit(properties['url']).catch(() => ({ status: 0 }))).status).not.toBe(200);
    expect(await place.status()).toEqual({ status: 'needs_auth' });
  });
});
