import { createFastifyAdapter } from '#libs/http';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { BasicAuthenticator } from '#libs/extension';
import { authentication } from './authentication.js';
import { cors, isAllowedOrigin } from './cors.js';
import { Edge, type EdgeRule } from './edge.js';
import { loopbackHostsOnly } from './host-check.js';

async function ask(rules: EdgeRule[], request: InjectOptions) {
  const edge = new Edge();
  const fastify = createFastifyAdapter({ frameworkErrors: edge.frameworkErrors }).getInstance<FastifyInstance>();
  edge.guard(fastify);
  fastify.get('/known', () => ({ ok: true }));
  fastify.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/known', handler: () => ({ ok: true }) });
  edge.rules = rules;
  try {
    return await fastify.inject(request);
  } finally {
    await fastify.close();
  }
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe('basic authentication', () => {
  const rules = [authentication(new BasicAuthenticator({ username: 'opencode', password: 'geheim:ß' })), cors([])];

  it('lets the right credentials pass', async () => {
    expect((await ask(rules, { url: '/known', headers: basic('opencode:geheim:ß') })).statusCode).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a wrong password', basic('opencode:wrong')],
    ['a wrong user', basic('root:geheim:ß')],
    ['another scheme', { authorization: 'Bearer geheim:ß' }],
    ['garbage', { authorization: 'Basic !!!' }],
  ])('refuses %s on known and unknown paths, without CORS headers', async (_what, headers) => {
    for (const url of ['/known', '/unknown', '/%zz']) {
      const answer = await ask(rules, { url, headers: { ...headers, origin: 'http://localhost:3000' } });
      expect([answer.statusCode, answer.body]).toEqual([401, 'Unauthorized']);
      expect(answer.headers).toMatchObject({
        'www-authenticate': 'Basic realm="Secure Area"',
        'content-type': 'application/octet-stream',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.headers).not.toHaveProperty('vary');
    }
  });

  it('answers a path with a bad escape with a typed error', async () => {
    const answer = await ask(rules, { url: '/%zz', headers: basic('opencode:geheim:ß') });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ name: 'InvalidRequestError' });
  });

  it('asks nothing of a preflight', async () => {
    expect((await ask(rules, { method: 'OPTIONS', url: '/unknown' })).statusCode).toBe(204);
  });
});

describe('cross-origin requests', () => {
  it.each([
    'http://localhost:3000',
    'http://127.0.0.1:1',
    'tauri://localhost',
    'http://tauri.localhost',
    'https://tauri.localhost',
    'https://opencode.ai',
    'https://app.opencode.ai',
    'https://a.b.opencode.ai',
    'https://listed.example',
  ])('are allowed from %s', (origin) => {
    expect(isAllowedOrigin(origin, new Set(['https://listed.example']))).toBe(true);
  });

  it.each([
    'http://localhost',
    'https://localhost:3000',
    'http://app.opencode.ai',
    'https://opencode.ai.evil.example',
    'https://evilopencode.ai',
    'null',
    'https://listed.example:444',
  ])('are not allowed from %s', (origin) => {
    expect(isAllowedOrigin(origin, new Set(['https://listed.example']))).toBe(false);
  });

  it('are answered, with the header only for allowed origins', async () => {
    const own = await ask([cors([])], { url: '/known', headers: { origin: 'http://localhost:3000' } });
    expect(own.headers).toMatchObject({ 'access-control-allow-origin': 'http://localhost:3000', vary: 'Origin' });
    const foreign = await ask([cors([])], { url: '/known', headers: { origin: 'https://evil.example' } });
    expect(foreign.statusCode).toBe(200);
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
    expect(foreign.headers).toMatchObject({ vary: 'Origin' });
  });

  describe.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('that act with %s', (method) => {
    const act = (headers: Record<string, string>) =>
      ask([cors(['https://listed.example'])], { method, url: '/known', headers });

    it.each<Record<string, string>>([
      { origin: 'https://evil.example', host: '127.0.0.1:4096' },
      { origin: 'null', host: '127.0.0.1:4096' },
      { origin: '', host: '' },
      { origin: 'http://192.168.0.1:80', host: '192.168.0.1:4096' },
      { origin: 'http://127.0.0.1.evil.example:4096', host: '127.0.0.1:4096' },
    ])('are refused for %j with a typed error', async (headers) => {
      const answer = await act(headers);
      expect(answer.statusCode).toBe(403);
      expect(answer.headers).toMatchObject({ 'content-type': 'application/json', vary: 'Origin' });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.json()).toMatchObject({
        name: 'ForbiddenError',
        data: { message: expect.stringContaining(`"${headers['origin']}"`) },
      });
    });

    it.each<Record<string, string>>([
      { host: '127.0.0.1:4096' },
      { origin: 'http://localhost:3000', host: '127.0.0.1:4096' },
      { origin: 'https://listed.example', host: '127.0.0.1:4096' },
      { origin: 'http://192.168.0.1:4096', host: '192.168.0.1:4096' },
      { origin: 'https://box.lan', host: 'Box.lan' },
    ])('are served for %j', async (headers) => {
      expect((await act(headers)).statusCode).toBe(200);
    });
  });

  it('are announced by a preflight that echoes the headers asked for', async () => {
    const answer = await ask([cors([])], {
      method: 'OPTIONS',
      url: '/unknown',
      headers: { origin: 'http://localhost:1', 'access-control-request-headers': 'x-a,x-b' },
    });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:1',
      'access-control-allow-methods': 'GET,HEAD,PUT,POST,DELETE,PATCH',
      'access-control-allow-headers': 'x-a,x-b',
      vary: 'Origin, Access-Control-Request-Headers',
    });
  });
});

describe('host check', () => {
  const rules = [loopbackHostsOnly('box.lan')];

  it.each(['localhost:4096', '127.0.0.1:4096', '[::1]:4096', 'LOCALHOST', 'box.lan:1', '127.1.2.3'])(
    'answers for %s',
    async (host) => {
      expect((await ask(rules, { url: '/known', headers: { host } })).statusCode).toBe(200);
    },
  );

  it.each(['evil.example:4096', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.0.1:4096'])(
    'refuses %s with a typed error',
    async (host) => {
      const answer = await ask(rules, { url: '/known', headers: { host } });
      expect(answer.statusCode).toBe(403);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.json()).toMatchObject({
        name: 'ForbiddenError',
        data: { message: expect.stringContaining(host.split(':')[0]!) },
      });
    },
  );
});
