import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TestServer } from '../../../src/testing.js';
import { AcmeLogin, AcmeLoginModule } from '../../helpers/acme-login.js';

describe('credentials over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({
      imports: [AcmeLoginModule],
      globalConfig: { provider: { acme: { options: { baseURL: 'http://acme.test' }, models: { m: {} } } } },
    });
  });
  afterAll(() => server.close());

  const file = () => join(server.home, '.local/share/opencode/auth.json');
  const stored = async () => JSON.parse(await readFile(file(), 'utf8')) as Record<string, unknown>;
  const put = (id: string, json: unknown) => server.request(`/auth/${encodeURIComponent(id)}`, { method: 'PUT', json });
  const connected = async () => (await server.request('/provider')).body.connected as string[];

  it('are stored for their owner only, used at once, shown nowhere and forgotten', async () => {
    expect(await connected()).toEqual(['acme', 'offline']);
    expect(await put('anthropic', { type: 'api', key: 's3cret', more: 1 })).toMatchObject({ status: 200, body: true });
    expect(await put('https://example.test', { type: 'wellknown', key: 'A', token: 's3cret' })).toMatchObject({
      body: true,
    });
    expect(await stored()).toEqual({
      anthropic: { type: 'api', key: 's3cret' },
      'https://example.test': { type: 'wellknown', key: 'A', token: 's3cret' },
    });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await connected()).toEqual(['anthropic', 'acme', 'offline']);
    const { providers } = (await server.request('/config/providers')).body;
    expect(providers[0]).toMatchObject({ id: 'anthropic', source: 'api' });
    for (const path of ['/provider', '/config/providers', '/config'])
      expect(JSON.stringify((await server.request(path)).body)).not.toContain('s3cret');
    expect(server.logs.join('\n')).not.toContain('s3cret');
    for (const id of ['anthropic', 'never-stored'])
      expect(await server.request(`/auth/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200, body: true });
    expect(await connected()).toEqual(['acme', 'offline']);
  });

  it.each([
    [{ type: 'api' }],
    [{ type: 'nope' }],
    [{ type: 'oauth', access: 'a', refresh: 'r', expires: 'soon' }],
    [{}],
  ])('that are none are refused, and not repeated: %j', async (body) => {
    const answer = await put('openai', { ...body, secret: 's3cret' });
    expect(answer).toMatchObject({ status: 400, body: { success: false, error: [expect.anything()] } });
    expect(JSON.stringify(answer.body)).not.toContain('s3cret');
  });

  it('come from logins, with a code', async () => {
    const methods = (await server.request('/provider/auth')).body;
    expect(methods.acme[0]).toEqual({ type: 'oauth', label: 'Code' });
    const authorize = (method: unknown, id = 'acme') =>
      server.request(`/provider/${id}/oauth/authorize`, { json: { method } });
    const callback = (json: object, id = 'acme') => server.request(`/provider/${id}/oauth/callback`, { json });
    expect(await authorize('0')).toMatchObject({ status: 400, body: { success: false } });
    expect(await authorize(0, 'nope')).toMatchObject({ status: 400 });
    expect(await authorize(2)).toMatchObject({ status: 200, body: '' });
    expect(await callback({ method: 0 }, 'nope')).toMatchObject({
      status: 409,
      body: { name: 'ProviderAuthOauthMissing', data: { providerID: 'nope' } },
    });
    expect(await authorize(0)).toMatchObject({ status: 200, body: { method: 'code', url: 'https://acme.test/code' } });
    expect(await callback({ method: 0 })).toMatchObject({
      status: 409,
      body: { name: 'ProviderAuthOauthCodeMissing', data: { providerID: 'acme' } },
    });
    expect(await callback({ method: 0, code: 'wrong' })).toMatchObject({
      status: 502,
      body: { name: 'ProviderAuthOauthCallbackFailed' },
    });
    expect(await callback({ method: 0, code: 'right' })).toMatchObject({ status: 200, body: true });
    expect(await stored()).toMatchObject({ acme: { type: 'oauth', access: 'a' } });
  });

  it('come from logins that wait; disposing the project ends the wait', async () => {
    const login = server.app.get(AcmeLogin, { strict: false });
    const begin = async () => {
      login.waiting = Promise.withResolvers();
      await server.request('/provider/acme/oauth/authorize', { json: { method: 1 } });
      const answer = server.request('/provider/acme/oauth/callback', { json: { method: 1 } });
      return { answer, end: await login.waiting.promise };
    };
    const good = await begin();
    good.end.resolve({ credential: { type: 'api', key: 'k' } });
    expect(await good.answer).toMatchObject({ status: 200, body: true });
    const lost = await begin();
    await server.request('/instance/dispose', { method: 'POST' });
    expect(await lost.answer).toMatchObject({ status: 502, body: { name: 'ProviderAuthOauthCallbackFailed' } });
  });
});
