import { reply, type ScriptedReply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('errors of a prompt', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it.each<[string, ScriptedReply, object]>([
    [
      'a bad request',
      reply().fail(400, 'No such parameter'),
      { name: 'APIError', data: { message: 'No such parameter', statusCode: 400, isRetryable: false } },
    ],
    [
      'a wrong key',
      reply().fail(401, 'Invalid key'),
      { name: 'APIError', data: { message: 'Invalid key', statusCode: 401, isRetryable: false } },
    ],
    ['a refusal in HTML', reply().fail(403, '{<html>No</html>'), { name: 'APIError', data: { statusCode: 403 } }],
    [
      'a model that is gone',
      reply().fail(404, 'Gone'),
      { name: 'APIError', data: { message: 'Gone', statusCode: 404 } },
    ],
    [
      'a conversation too long',
      reply().fail(400, "This model's maximum context length is 10 tokens"),
      { name: 'ContextOverflowError', data: { message: "This model's maximum context length is 10 tokens" } },
    ],
  ])('%s is on the message, and not tried again', async (_, failure, error) => {
    const place = await world.place();
    world.model.push(failure);
    const session = await place.session();
    const { status, body } = await place.prompt(session, 'Hello');
    expect(status).toBe(200);
    expect(body.info.error).toMatchObject(error);
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('Hello'),
      'busy',
      'assistant',
      'busy',
      `session.error ${body.info.error.name}`,
      'idle',
      'session.idle',
      `assistant error=${body.info.error.name} completed`,
      'idle',
      'session.idle',
    ]);
    expect(place.events.all('session.error')[0]!.properties).toEqual({ sessionID: session, error: body.info.error });
    expect(body.parts).toEqual([]);
    expect(world.model.requests).toHaveLength(1);
  });

  it('an API error says what the provider said', async () => {
    const place = await world.place();
    world.model.push(reply().fail(422, { error: { message: 'Nope', code: 'nope' } }));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hello');
    expect(body.info.error.data).toEqual({
      message: 'Nope',
      statusCode: 422,
      isRetryable: false,
      responseHeaders: expect.objectContaining({ 'content-type': 'application/json' }),
      responseBody: '{"error":{"message":"Nope","code":"nope"}}',
      metadata: { url: `${world.model.baseURL}/chat/completions` },
    });
  });

  it('what was said before one stays', async () => {
    const place = await world.place();
    world.model.push(reply().text('Half').raw('data: {nonsense\n\n').text(' more'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hello');
    expect(body.info.error).toMatchObject({ name: 'UnknownError', data: { message: expect.stringContaining('JSON') } });
    expect(body.parts[1]).toMatchObject({ text: 'Half', time: { end: expect.any(Number) } });
  });

  it('one does not end the session', async () => {
    const place = await world.place();
    world.model.push(reply().fail(400, 'No'), reply().text('Yes.'));
    const session = await place.session();
    await place.prompt(session, 'one');
    expect((await place.prompt(session, 'two')).body.info.finish).toBe('stop');
    // an answer that failed is no part of the conversation
    expect(world.model.requests[1]!.body.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
    ]);
  });

  describe('before it is stored', () => {
    it.each<[string, Record<string, unknown>, number, object]>([
      [
        'an unknown provider',
        { model: { providerID: 'nobody', modelID: 'test' } },
        400,
        { name: 'ProviderModelNotFoundError' },
      ],
      [
        'an unknown model',
        { model: { providerID: 'scripted', modelID: 'tes' } },
        400,
        { name: 'ProviderModelNotFoundError', data: { providerID: 'scripted', modelID: 'tes', suggestions: ['test'] } },
      ],
      ['an unknown agent', { agent: 'nobody' }, 400, {}],
      ['no parts', { parts: undefined }, 400, { success: false }],
      ['parts of no kind', { parts: [{ type: 'thought', text: 'x' }] }, 400, { success: false }],
      ['a malformed message id', { messageID: 'x' }, 400, { success: false }],
      ['a bad model', { model: 'scripted/test' }, 400, { success: false }],
      ['a file that is not there', { parts: [{ type: 'file', mime: 'image/png', url: 'file:///nope.png' }] }, 400, {}],
      ['a URL that is none', { parts: [{ type: 'file', mime: 'text/plain', url: 'nonsense' }] }, 400, {}],
    ])('%s is refused', async (_, change, status, body) => {
      const place = await world.place();
      const session = await place.session();
      for (const send of [place.prompt.bind(place), place.promptAsync.bind(place)]) {
        const answer = await send(session, { parts: [{ type: 'text', text: 'Hello' }], ...change });
        expect(answer).toMatchObject({ status, body });
      }
      expect(await place.history(session)).toEqual([]);
      expect((await place.get('/session/status')).body).toEqual({});
      expect(place.tale(session).filter((line) => !line.startsWith('session.error'))).toEqual([]);
    });

    it('an unknown session is not found', async () => {
      const place = await world.place();
      for (const id of ['ses_unknown', 'ses_dfcafaed8ffe1hl5SZ73ukhU95']) {
        const { status, body } = await place.prompt(id, 'Hello');
        expect([status, body]).toEqual([404, { name: 'NotFoundError', data: { message: `Session not found: ${id}` } }]);
        expect((await place.promptAsync(id, 'Hello')).status).toBe(404);
      }
      expect((await place.prompt('nonsense', 'Hello')).status).toBe(400);
    });
  });
});
