import { request as httpRequest } from 'node:http';
import { say } from '../../helpers/project-client.js';
import { expectRefusal, LONG, RefusalWorld, UNKNOWN } from './refusal-world.js';

describe('a bad address', () => {
  let world: RefusalWorld;
  let send: RefusalWorld['send'];
  let sessionID: string;
  let messageID: string;
  const unchanged = () => world.unchanged();
  beforeAll(async () => {
    world = await RefusalWorld.start();
    ({ send, sessionID, messageID } = world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe('ids', () => {
    const routes: [string, string][] = [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/children'],
      ['GET', '/todo'],
      ['GET', '/message'],
      ['GET', `/message/${UNKNOWN.message}`],
      ['POST', '/message'],
      ['POST', '/prompt_async'],
      ['POST', '/abort'],
      ['GET', '/diff'],
      ['POST', '/fork'],
      ['POST', '/unrevert'],
      ['POST', '/share'],
      ['DELETE', '/share'],
    ];
    const bodyOf = (method: string, rest: string) =>
      method === 'PATCH'
        ? '{"title":"a"}'
        : rest === '/abort'
          ? '{}'
          : method === 'POST'
            ? JSON.stringify(say('a'))
            : undefined;

    it.each(routes)('of no session: %s /session/:id%s', async (method, rest) => {
      const answer = await send(method, `/session/${UNKNOWN.session}${rest}`, bodyOf(method, rest));
      expect([answer.status, answer.type, answer.body]).toEqual([
        404,
        'application/json',
        { name: 'NotFoundError', data: { message: `Session not found: ${UNKNOWN.session}` } },
      ]);
    });

    it.each(routes)('of another kind or form: %s /session/:id%s', async (method, rest) => {
      for (const id of [
        'nonsense',
        '5',
        '__proto__',
        'constructor',
        '%00',
        '..%2f..%2fetc',
        '%F0%9F%98%80',
        "'%20OR%201=1--",
        'msg_1',
        'y'.repeat(5000),
      ])
        expectRefusal(
          id.slice(0, 50),
          await send(method, `/session/${id}${rest}`, bodyOf(method, rest)),
          [400, 404, 414],
        );
      for (const id of ['ses', 'ses_', 'ses_%00', 'ses_..%2f..', `ses_${'y'.repeat(50)}`, "ses_'%20OR%201=1--"])
        expectRefusal(id, await send(method, `/session/${id}${rest}`, bodyOf(method, rest)), [404]);
    });

    it('of messages and requests to the user', async () => {
      expect((await send('GET', `/session/${sessionID}/message/${UNKNOWN.message}`)).body).toEqual({
        name: 'NotFoundError',
        data: { message: `Message not found: ${UNKNOWN.message}` },
      });
      expectRefusal('message', await send('GET', `/session/${sessionID}/message/nonsense`), [400]);
      for (const [route, body] of [
        [`/permission/ID/reply`, '{"reply":"once"}'],
        [`/session/${sessionID}/permissions/ID`, '{"response":"once"}'],
        [`/question/ID/reply`, '{"answers":[["A"]]}'],
        [`/question/ID/reject`, undefined],
      ] as const) {
        const unknown = route.startsWith('/question') ? UNKNOWN.question : UNKNOWN.permission;
        expectRefusal(route, await send('POST', route.replace('ID', unknown), body), [404]);
        expectRefusal(route, await send('POST', route.replace('ID', 'nonsense'), body), [400]);
      }
    });

    it('that are taken', async () => {
      const answer = await send('POST', `/session/${sessionID}/message`, JSON.stringify(say('again', { messageID })));
      expect([answer.status, answer.body.name]).toEqual([409, 'ConflictError']);
      const other = await send(
        'POST',
        `/session/${sessionID}/prompt_async`,
        JSON.stringify(say('again', { messageID })),
      );
      expect([other.status, other.body.name]).toEqual([409, 'ConflictError']);
    });

    it('that cannot be decoded', async () => {
      for (const route of ['/session/%zz', '/session/%E0%A4%A/message', '/permission/%/reply', '/%'])
        expectRefusal(route, await send('GET', route), [400, 404]);
    });

    afterAll(unchanged);
  });

  it('in a query is refused', async () => {
    for (const query of [
      '/session?limit=x',
      '/session?start=x',
      '/session?roots=true&roots=false',
      '/session?search=a&search=b',
      `/session/${sessionID}/message?limit=x`,
      '/experimental/tool',
      '/experimental/tool?provider=a',
      '/session?directory=a&directory=b',
    ])
      expectRefusal(query, await send('GET', query), [400]);
  });

  describe('routes', () => {
    it('that are unknown are 404, whatever the method', async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
        for (const route of [
          '/',
          '/nowhere',
          '/session/',
          '//session',
          '/session//',
          '/Session',
          '/index.html',
          '/api/session',
          `/session/${sessionID}/nowhere`,
          '/__proto__',
          '/constructor',
          '/doc/',
          '/global',
          '/global/nothing',
          '/favicon.ico',
        ])
          for (const body of method === 'GET' ? [undefined] : [undefined, '{}', '', '{'])
            expectRefusal(
              `${method} ${route} ${body?.slice(0, 5)}`,
              await send(method, route, body),
              body === '{' ? [400, 404] : [404],
            );
      expectRefusal('long', await send('POST', '/nowhere', `"${LONG}"`), [404]);
    });

    it('that do not take a method are 404 too, as JSON', async () => {
      const wrong: [string, string][] = [
        ['DELETE', '/session'],
        ['PUT', '/session'],
        ['PUT', `/session/${sessionID}`],
        ['POST', `/session/${sessionID}`],
        ['GET', `/session/${sessionID}/abort`],
        ['GET', `/session/${sessionID}/prompt_async`],
        ['PUT', `/session/${sessionID}/message`],
        ['DELETE', `/session/${sessionID}/message`],
        ['POST', '/event'],
        ['DELETE', '/doc'],
        ['POST', '/path'],
        ['GET', '/instance/dispose'],
        ['GET', '/global/dispose'],
        ['GET', '/log'],
        ['GET', `/permission/${UNKNOWN.permission}/reply`],
        ['PUT', '/permission'],
      ];
      for (const [method, route] of wrong) {
        const answer = await send(method, route, method === 'GET' ? undefined : '{}');
        expect([answer.status, answer.type, answer.body]).toEqual([
          404,
          'application/json',
          { name: 'NotFoundError', data: { message: `Cannot ${method} ${route}` } },
        ]);
      }
    });

    it('are JSON for a browser too', async () => {
      const response = await fetch(`${world.server.url}/nowhere`, { headers: { accept: 'text/html' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json']);
    });

    it('survive methods that no client sends', async () => {
      for (const method of ['PROPFIND', 'SEARCH', 'TRACE', 'LOCK', 'QUERY', 'HEAD']) {
        const status = await new Promise<number | undefined>((resolve, reject) => {
          const sent = httpRequest(`${world.server.url}/session`, { method, timeout: 30_000 }, (response) => {
            response.resume().once('end', () => resolve(response.statusCode));
          });
          sent.once('timeout', () => sent.destroy(new Error(`${method} hangs`)));
          sent.once('error', reject).end();
        });
        expect([method, ...(method === 'HEAD' ? [200] : [400, 404, 405, 501])]).toContain(status);
      }
    });

    afterAll(unchanged);
  });

  it('never gets into the log as a failure of the server', () => {
    expect(world.failures()).toEqual([]);
  });
});
