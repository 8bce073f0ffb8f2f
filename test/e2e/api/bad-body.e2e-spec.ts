import { ANY_BODY, BODIES } from './bad-bodies.js';
import { say } from '../../helpers/project-client.js';
import { expectRefusal, LONG, RefusalWorld, UNKNOWN } from './refusal-world.js';

/** `{"a":{"a":…}}`, too deep for anything that calls itself for each level. */
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const deepList = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a bad body', () => {
  let world: RefusalWorld;
  let send: RefusalWorld['send'];
  let sessionID: string;
  const unchanged = () => world.unchanged();
  beforeAll(async () => {
    world = await RefusalWorld.start();
    ({ send, sessionID } = world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const path = (template: string) =>
    template
      .replace(':id', sessionID)
      .replace(':message', UNKNOWN.message)
      .replace(':part', 'prt_a')
      .replace(':permission', UNKNOWN.permission)
      .replace(':question', UNKNOWN.question)
      .replace(':project', 'global')
      .replace(':pty', 'pty_ffffffffffffaaaaaaaaaaaaaa')
      .replace(/:provider|:name/, 'nope');
  const table = BODIES.map(([method, template, bodies]) => ({ method, template, bodies }));

  it('knows every operation that takes a body', async () => {
    const { body } = await world.server.request('/doc');
    const paths: [string, Record<string, { requestBody?: object; operationId: string }>][] = Object.entries(body.paths);
    const named = table.map(({ method, template }) => `${method} ${template.replace(/:\w+/g, '{}')}`);
    const known = new Set([...named, ...ANY_BODY]);
    for (const [route, methods] of paths)
      for (const [method, { requestBody }] of Object.entries(methods))
        if (requestBody) expect(known).toContain(`${method.toUpperCase()} ${route.replace(/\{\w+\}/g, '{}')}`);
  });

  describe.each(table)('$method $template', ({ method, template, bodies }) => {
    afterAll(unchanged);

    it('refuses what is no JSON', async () => {
      for (const body of [
        '{',
        '{"parts":',
        'Hello',
        '   ',
        '',
        '{"a":1,}',
        "{'a':1}",
        '\u{feff}',
        '{}{}',
        'NaN',
        '{"a":"\ud800"}x',
      ])
        expectRefusal(body, await send(method, path(template), body), [400]);
    });

    it('refuses what is no object', async () => {
      for (const body of ['null', '5', '"text"', 'true', '[]', '[{}]', '[null]'])
        expectRefusal(body, await send(method, path(template), body), [400]);
    });

    it('refuses wrong types and values', async () => {
      for (const body of bodies) {
        const text = JSON.stringify(body);
        expectRefusal(text.slice(0, 200), await send(method, path(template), text), [400]);
      }
    });

    it('refuses what is too deep', async () => {
      for (const body of [
        deep(50_000),
        deepList(50_000),
        `{"parts":${deepList(20_000)},"title":${deepList(20_000)},"extra":${deep(20_000)}}`,
      ]) {
        expectRefusal('deep', await send(method, path(template), body), [400]);
      }
    });
  });

  it('with another content type counts as no body', async () => {
    const body = JSON.stringify(say('Hello'));
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'APPLICATION/JSON',
      'application/jsonx',
    ])
      for (const name of ['message', 'prompt_async']) {
        const answer = await send('POST', `/session/${sessionID}/${name}`, body, type);
        expectRefusal(type, answer, [400]);
        expect(answer.body.data).toEqual({});
      }
    expectRefusal('nonsense', await send('POST', `/session/${sessionID}/message`, body, 'nonsense'), [400, 415]);
    await unchanged();
  });

  it('cannot reach a prototype', async () => {
    const evil = '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}';
    const created = await send('POST', '/session', `{"title":"evil",${evil}}`);
    expect(created.status).toBe(200);
    const text = `{"parts":[{"type":"text","text":"a","metadata":{${evil}},${evil}}],"noReply":true,"tools":{"__proto__":true,"bash":true},${evil}}`;
    const prompt = await send('POST', `/session/${created.body.id}/message`, text);
    expect(prompt.status).toBeLessThan(500);
    const history = await send('GET', `/session/${created.body.id}/message`);
    expect(history.status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(created.body).not.toHaveProperty('polluted');
    await world.client.delete(`/session/${created.body.id}`);
    await unchanged();
  });

  it('that is long is taken where a text belongs, and refused where not', async () => {
    const session = await world.client.create({ title: LONG });
    expect(session.title).toBe(LONG);
    const prompt = await world.client.prompt(session.id, LONG, { noReply: true });
    expect([prompt.status, prompt.body.parts[0].text.length]).toEqual([200, LONG.length]);
    await world.client.delete(`/session/${session.id}`);
    for (const body of [
      say('a', { model: { providerID: LONG, modelID: LONG } }),
      say('a', { messageID: LONG }),
      { parts: LONG },
    ])
      expectRefusal('long', await send('POST', `/session/${sessionID}/message`, JSON.stringify(body)), [400]);
    await unchanged();
  });

  describe('of a prompt', () => {
    it.each([
      [
        'model',
        { model: { providerID: 'scripted', modelID: 'tst' } },
        'ProviderModelNotFoundError',
        /scripted\/tst.*Did you mean.*test/,
      ],
      ['provider', { model: { providerID: 'nope', modelID: 'test' } }, 'ProviderModelNotFoundError', /nope\/test/],
      ['agent', { agent: 'biuld' }, undefined, /biuld.*build/],
    ])('names what is wrong and what there is: %s', async (_, more, name, message) => {
      const answer = await send('POST', `/session/${sessionID}/message`, JSON.stringify(say('a', more)));
      expect(answer.status).toBe(400);
      if (name) expect(answer.body.name).toBe(name);
      expect(answer.body.data.message).toMatch(message);
    });

    it('is told to clients that only watch', async () => {
      using events = await world.client.openEvents();
      const answer = await send(
        'POST',
        `/session/${sessionID}/prompt_async`,
        JSON.stringify(say('a', { agent: 'nope' })),
      );
      const { properties } = await events.next('session.error');
      expect(properties).toMatchObject({ sessionID, error: { data: { message: answer.body.data.message } } });
    });

    afterAll(unchanged);
  });

  it('never gets into the log as a failure of the server', () => {
    expect(world.failures()).toEqual([]);
  });
});
