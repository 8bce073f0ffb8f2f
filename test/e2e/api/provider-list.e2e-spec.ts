import { TestServer } from '../../../src/testing.js';

describe.each(['/provider', '/config/providers'])('GET %s', (path) => {
  let server: TestServer;
  beforeAll(
    async () =>
      void (server = await TestServer.start({ variables: { ANTHROPIC_API_KEY: 'k', OPENROUTER_API_KEY: 'k' } })),
  );
  afterAll(() => server.close());

  const get = (headers: Record<string, string>) => server.fetch(path, { headers });

  it.each([
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', null],
  ])('with "%s" comes in %s, and is the same text', async (accepted, encoding) => {
    const plain = await get({ 'accept-encoding': 'identity' });
    const answer = await get({ 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(answer.headers.get('etag')).toBe(plain.headers.get('etag'));
    expect(await answer.text()).toBe(await plain.text());
  });

  it('is not sent again to those who have it, until something changes', async () => {
    const tag = (await get({})).headers.get('etag') ?? '';
    const again = await get({ 'if-none-match': `W/${tag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await server.request('/auth/openai', { method: 'PUT', json: { type: 'api', key: 'k' } });
    const changed = await get({ 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain('"openai"');
    await server.request('/auth/openai', { method: 'DELETE' });
  });
});
