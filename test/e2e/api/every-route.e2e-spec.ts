import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { TemporaryProject, TestServer } from '../../../src/testing.js';

const PASSWORD = `Basic ${Buffer.from('opencode:geheim').toString('base64')}`;

/** A request whose headers are sent exactly as they are; `fetch` forbids some. */
async function raw(url: string, method: string, headers: Record<string, string> = {}, body = '') {
  const request = httpRequest(url, { method, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

describe('what all routes have in common', () => {
  let server: TestServer;
  let project: TemporaryProject;
  beforeAll(async () => {
    server = await TestServer.start({ cors: ['https://listed.example'], variables: {} });
    project = await TemporaryProject.create({ files: { 'ä b/x.txt': 'x' } });
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
  });
  const ask = (path: string, method = 'GET', headers: Record<string, string> = {}, body?: string) =>
    raw(server.url + path, method, headers, body);

  describe('CORS', () => {
    it.each([
      ['http://localhost:3000', true],
      ['http://127.0.0.1:1', true],
      ['tauri://localhost', true],
      ['http://tauri.localhost', true],
      ['https://tauri.localhost', true],
      ['https://opencode.ai', true],
      ['https://app.opencode.ai', true],
      ['https://a.b-c.opencode.ai', true],
      ['https://listed.example', true],
      ['http://localhost', false],
      ['https://localhost:3000', false],
      ['http://app.opencode.ai', false],
      ['https://opencode.ai.evil.example', false],
      ['https://evilopencode.ai', false],
      ['https://LISTED.example', false],
      ['null', false],
    ])('%s: %s', async (origin, allowed) => {
      for (const path of ['/global/health', '/path', '/nowhere']) {
        const { headers } = await ask(path, 'GET', { origin });
        expect(headers['access-control-allow-origin']).toBe(allowed ? origin : undefined);
        expect(headers['vary']).toMatch(/^Origin/);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toHaveLength(allowed ? 1 : 0);
      }
    });

    it.each(['/session', '/nowhere', '/event'])('a preflight is answered for %s', async (path) => {
      const plain = await ask(path, 'OPTIONS', { origin: 'http://localhost:3000' });
      expect([plain.status, plain.text, plain.headers['vary']]).toEqual([204, '', 'Origin']);
      expect(plain.headers['access-control-allow-methods']).toBe('GET,HEAD,PUT,POST,DELETE,PATCH');
      const asking = { origin: 'http://localhost:3000', 'access-control-request-headers': 'x-a,x-b' };
      const asked = await ask(path, 'OPTIONS', asking);
      expect(asked.headers['access-control-allow-headers']).toBe('x-a,x-b');
      expect(asked.headers['vary']).toBe('Origin, Access-Control-Request-Headers');
    });
  });

  it('JSON is application/json without a charset, also when it is an error', async () => {
    for (const path of ['/global/health', '/session', '/agent', '/session/ses_none', '/session/x', '/nowhere', '/doc'])
      expect([path, (await ask(path)).headers['content-type']]).toEqual([path, 'application/json']);
  });

  it.each(['/global/health', '/session', '/path', '/doc', '/event', '/global/event'])(
    'HEAD works: %s',
    async (path) => {
      const { status, text } = await ask(path, 'HEAD');
      expect([status, text]).toEqual([200, '']);
    },
  );

  describe('the directory', () => {
    const place = async (query: string, header?: string) => {
      const headers = header === undefined ? undefined : { 'x-opencode-directory': header };
      return (JSON.parse((await ask(`/path${query}`, 'GET', headers)).text) as { directory: string }).directory;
    };
    const directory = () => project.path('ä b');
    const once = () => encodeURIComponent(directory());

    it('comes in the query, encoded once or twice', async () => {
      expect(await place(`?directory=${once()}`)).toBe(directory());
      expect(await place(`?directory=${encodeURIComponent(once())}`)).toBe(directory());
    });

    it('comes in the header, encoded or as it is', async () => {
      expect(await place('', once())).toBe(directory());
      expect(await place('', Buffer.from(directory()).toString('latin1'))).toBe(directory());
      expect(await place('?directory=', once())).toBe(directory());
    });

    it('of the query wins', async () => {
      expect(await place(`?directory=${once()}`, server.home)).toBe(directory());
    });

    it('of the server counts when none is named', async () => {
      expect(await place('')).toBe(server.home);
    });
  });

  it.each([
    ['without a body or type', {}, '', 200],
    ['without a body', { 'content-type': 'application/json' }, '', 400],
    ['with a body of another type', { 'content-type': 'text/plain' }, '{"title":5}', 200],
    ['with a type in capitals', { 'content-type': 'APPLICATION/JSON' }, '{"title":5}', 200],
    ['with a type of JSON', { 'content-type': 'application/vnd.api+json' }, '{"title":5}', 400],
    ['with parameters of the type', { 'content-type': 'application/json; charset=utf-8' }, '{"title":"t"}', 200],
    ['with broken JSON', { 'content-type': 'application/json' }, '{"title":', 400],
    ['with null', { 'content-type': 'application/json' }, 'null', 400],
    ['with a list', { 'content-type': 'application/json' }, '[]', 400],
    ['with unknown keys', { 'content-type': 'application/json' }, '{"other":1}', 200],
  ])('a session is made %s: %j %s', async (_what, headers, body, status) => {
    expect((await ask('/session', 'POST', headers, body)).status).toBe(status);
  });

  it('a body has a limit', async () => {
    const length = String(129 * 1024 * 1024);
    const request = httpRequest(`${server.url}/log`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': length },
    });
    request.on('error', () => undefined);
    request.write('{');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    request.destroy();
  });
});

describe('edge cases', () => {
  let server: TestServer;
  beforeAll(async () => (server = await TestServer.start()));
  afterAll(() => server.close());

  it.each([
    ['GET', '/session/zzz', undefined, 400, { success: false }],
    ['GET', '/session/ses_nonexist', undefined, 404, { name: 'NotFoundError' }],
    ['GET', '/session/ses_nonexist/message', undefined, 404, { name: 'NotFoundError' }],
    ['DELETE', '/session/ses_nonexist', undefined, 404, { name: 'NotFoundError' }],
    ['PUT', '/auth/x', { type: 'nonsense' }, 400, { success: false }],
    ['DELETE', '/auth/missing', undefined, 200, true],
    ['POST', '/mcp/nope/connect', undefined, 200, true],
    ['POST', '/provider/nope/oauth/authorize', { method: 0 }, 400, {}],
    ['PATCH', '/config', { notakey: 1 }, 400, { error: [{ code: 'unrecognized_keys', keys: ['notakey'] }] }],
    ['GET', '/find/file', undefined, 400, { success: false }],
    ['GET', '/find/symbol?query=x', undefined, 200, []],
  ])('%s %s %j: %i', async (method, path, json, status, body) => {
    const answer = await server.request(path, { method, ...(json !== undefined && { json }) });
    expect([path, answer.status]).toEqual([path, status]);
    if (typeof body === 'object' && !Array.isArray(body)) expect(answer.body).toMatchObject(body);
    else expect(answer.body).toEqual(body);
  });
});

describe('basic authentication', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ credentials: { username: 'opencode', password: 'geheim' } });
  });
  afterAll(() => server.close());

  it.each(['/global/health', '/doc', '/event', '/session', '/nowhere'])('guards %s', async (path) => {
    for (const authorization of [undefined, 'Basic !!!', 'Bearer geheim', PASSWORD.slice(0, -3)]) {
      const headers = { origin: 'http://localhost:1', ...(authorization !== undefined && { authorization }) };
      const answer = await raw(server.url + path, 'GET', headers);
      expect([answer.status, answer.text]).toEqual([401, 'Unauthorized']);
      expect(answer.headers).toMatchObject({
        'www-authenticate': 'Basic realm="Secure Area"',
        'content-type': 'application/octet-stream',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect((await raw(server.url + path, 'OPTIONS')).status).toBe(204);
    const allowed = await raw(server.url + path, 'HEAD', { authorization: PASSWORD });
    expect(allowed.status).toBe(path === '/nowhere' ? 404 : 200);
  });
});
