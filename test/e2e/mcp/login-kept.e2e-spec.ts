import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reply } from '../../../src/testing.js';
import { codeOf, LoginPlace, LoginWorld } from '../../helpers/login-world.js';
import { RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('logins at MCP servers that are kept', () => {
  let logins: LoginWorld;
  beforeAll(async () => {
    logins = await LoginWorld.start();
  });
  afterEach(() => logins.settle());
  afterAll(() => logins.close());

  const whoami = (name: string) => ({ name: `${name}_whoami`, arguments: {} });
  /** Lets the model call the tool; resolves to the states of the calls. */
  async function call({ at, name }: LoginPlace, times = 1) {
    logins.world.model.push(reply().tools(...Array.from({ length: times }, () => whoami(name))), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Who am I?');
    const [, answer] = await at.history(session);
    return answer!.parts.flatMap(({ state }) => state ?? []);
  }

  it('are renewed once for calls at the same time, and asked for again when that is refused', async () => {
    const place = await logins.place();
    await place.login();
    place.server.expire();
    expect((await call(place, 2)).map(({ output }) => output)).toEqual(['you', 'you']);
    expect(place.server.given).toHaveLength(2);
    expect((await place.stored()).tokens.accessToken).toBe(place.server.given[1]);

    place.server.revoke();
    expect(await place.connect()).toEqual({ status: 'needs_auth' });
    expect((await place.stored()).tokens).toBeUndefined();
    expect(logins.world.server.logs.join('\n')).toMatch(/the login is no longer good \(invalid_grant\)/);
    expect((await place.login()).text).toContain('Logged in');
    expect(await place.status()).toEqual({ status: 'connected' });
  });

  it('are taken note of in another project', async () => {
    const place = await logins.place();
    const there = await logins.placeOf(place.server, {}, place.name);
    expect([await place.status(), await there.status()]).toEqual([{ status: 'needs_auth' }, { status: 'needs_auth' }]);
    await place.login();
    expect(await there.status()).toEqual({ status: 'connected' });

    place.server.revoke();
    expect(await there.connect()).toEqual({ status: 'needs_auth' });
    const entry = { ...(await place.stored()), tokens: { accessToken: 'of nobody' } };
    await writeFile(logins.file, JSON.stringify({ [place.name]: entry }));
    // tried once
    expect(await there.status()).toEqual({ status: 'needs_auth' });
    const asked = place.server.requests.length;
    expect(await there.status()).toEqual({ status: 'needs_auth' });
    expect(place.server.requests).toHaveLength(asked);
  });

  it('are renewed once by two servers over one data directory', async () => {
    const place = await logins.place();
    const second = await RunWorld.start({ home: logins.world.server.home });
    try {
      const mcp = { [place.name]: { type: 'remote', url: place.server.url } };
      const there = new LoginPlace(await second.place({ config: { mcp } }), place.name, place.server);
      expect(await there.status()).toEqual({ status: 'needs_auth' });
      await place.login();
      expect(await there.status()).toEqual({ status: 'connected' });
      place.server.expire();
      const asks = (path: string) => place.server.requests.filter((request) => request === `POST ${path}`).length;
      const [before, renewals] = [asks('/mcp'), asks('/token')];
      const { asked, answer } = place.server.hold('/token');
      const both = Promise.all([place.connect(), there.connect()]);
      await asked;
      await until(() => asks('/mcp') >= before + 2, 'both are refused');
      // the time in which the other one would renew them
      await delay(300);
      answer();
      expect(await both).toEqual([{ status: 'connected' }, { status: 'connected' }]);
      expect([place.server.given.length, asks('/token')]).toEqual([2, renewals + 1]);
      expect((await readdir(dirname(logins.file))).filter((file) => file.endsWith('.lock'))).toEqual([]);
    } finally {
      await second.settle();
      await second.close();
    }
  });

  it('outlast a login server that is out of order', async () => {
    const place = await logins.place();
    await place.login();
    place.server.expire();
    place.server.say('/token', 'Out of order', 503);
    expect(await place.connect()).toEqual({
      status: 'failed',
      error: 'The login could not be renewed: HTTP 503: Out of order',
    });
    // a new one is possible all the same
    expect((await place.start()).pathname).toBe('/authorize');
    place.server.instead.clear();
    expect(await place.connect()).toEqual({ status: 'connected' });
  });

  it('are those of a client that is registered anew when it is not known any more', async () => {
    const place = await logins.place();
    await place.login();
    const { clientId } = (await place.stored()).clientInfo;
    place.server.clients.clear();
    place.server.expire();
    expect(await place.connect()).toEqual({ status: 'needs_auth' });
    expect((await place.login()).text).toContain('Logged in');
    expect(await place.status()).toEqual({ status: 'connected' });
    expect((await place.stored()).clientInfo.clientId).not.toBe(clientId);
  });

  it('are those of a client that is registered anew when its secret is too old', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const secret = { client_secret: 'given by the server', client_secret_expires_at: seconds + 1000 };
    const place = await logins.place({ secret });
    await place.login();
    const { tokens, clientInfo, serverUrl } = await place.stored();
    expect(clientInfo).toMatchObject({ clientSecret: secret.client_secret, clientSecretExpiresAt: seconds + 1000 });
    place.server.expire();
    const known = place.server.clients.size;
    expect([await place.connect(), place.server.clients.size]).toEqual([{ status: 'connected' }, known]);

    const old = { ...clientInfo, clientSecretExpiresAt: seconds - 1 };
    await writeFile(logins.file, JSON.stringify({ [place.name]: { tokens, clientInfo: old, serverUrl } }));
    place.server.revoke();
    expect(await place.connect()).toEqual({ status: 'needs_auth' });
    expect((await place.login()).text).toContain('Logged in');
    expect(await place.status()).toEqual({ status: 'connected' });
    expect((await place.stored()).clientInfo.clientId).not.toBe(clientInfo.clientId);
  });

  it('are for the address that they were given for', async () => {
    const place = await logins.place();
    await place.login();
    const [token] = place.server.given;
    const other = await logins.placeOf(await logins.server(), {}, place.name);
    expect(await other.status()).toEqual({ status: 'needs_auth' });
    expect(other.server.headers.filter(({ authorization = '' }) => authorization.includes(token!))).toEqual([]);
    expect(await other.stored()).toEqual({ clientInfo: expect.any(Object), serverUrl: other.server.url });
  });

  it('are taken over from opencode, whose file becomes private', async () => {
    const place = await logins.place();
    await place.login();
    const { tokens, clientInfo, serverUrl } = await place.stored();
    const { issuer: _, redirectUri: _uri, ...client } = clientInfo;
    const { issuer: _issuer, ...own } = tokens;
    const theirs = {
      kept: { tokens: { accessToken: 'of a server we know nothing of' }, serverUrl: 'https://example.com/mcp' },
      [place.name]: { tokens: own, clientInfo: client, oauthState: 'left', codeVerifier: 'left', serverUrl },
    };
    await mkdir(dirname(logins.file), { recursive: true });
    await writeFile(logins.file, JSON.stringify(theirs, null, 2));
    await chmod(logins.file, 0o644);
    expect(await place.connect()).toEqual({ status: 'connected' });
    place.server.expire();
    expect(await place.connect()).toEqual({ status: 'connected' });
    const stored = await place.stored();
    expect(stored.clientInfo).toEqual(client);
    expect([stored.tokens.accessToken, stored.oauthState]).toEqual([place.server.given.at(-1), 'left']);
    expect((await stat(logins.file)).mode & 0o777).toBe(0o600);
    const other = new LoginPlace(place.at, 'kept', place.server);
    expect(await other.stored()).toEqual(theirs['kept']);
  });

  it('are widened when a call needs more than they cover', async () => {
    const place = await logins.place();
    await place.login();
    place.server.demands = 'files:write';
    const [refused] = await call(place);
    expect(refused).toMatchObject({
      status: 'error',
      error: expect.stringContaining(`does not cover this (files:write): opencode mcp auth ${place.name}`),
    });
    // what is covered goes on
    expect(await place.status()).toEqual({ status: 'connected' });
    const page = await place.start();
    expect(page.searchParams.get('scope')).toBe('mcp:tools files:write');
    expect((await place.finish(await codeOf(page))).body).toEqual({ status: 'connected' });
    expect(await call(place)).toMatchObject([{ status: 'completed', output: 'you' }]);
    const stored = await place.stored();
    expect([stored.tokens.scope, stored.scopeNeeded]).toEqual(['mcp:tools files:write', undefined]);
    expect((await place.post('auth')).body).toEqual({ authorizationUrl: '' });
  });
});
