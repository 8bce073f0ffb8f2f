import { reply } from '../../src/testing.js';
import { STEP, withoutRepeats } from '../helpers/event-story.js';
import { RunWorld, type Place } from '../helpers/run-world.js';

const option = (label: string) => ({ label, description: `${label}.` });
const COLOUR = { question: 'Which colour?', header: 'Colour', options: [option('Red'), option('Blue')] };
const EXTRAS = { question: 'Which extras?', header: 'Extras', options: [option('Bell')], multiple: true };
const questions = [COLOUR, EXTRAS];
const BEGIN = [...STEP.prompt('Go'), ...STEP.open, 'part question pending', 'part question running', 'question.asked'];
const DISMISSED = 'Error: The user dismissed this question';
const rule = (permission: string, pattern: string, action: string) => ({ permission, pattern, action });

describe('questions', () => {
  let world: RunWorld;
  beforeAll(async () => {
    // a deadline for the sessions that want one; the others wait
    world = await RunWorld.start({ variables: { OPENCODE_ASK_TIMEOUT_MS: '20', OPENCODE_ASK_DEFAULT: 'wait' } });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const asked = async (place: Place) => (await place.events.next('question.asked')).properties;
  const open = async (place: Place) => (await place.get('/question')).body;
  /** Sends a prompt that the model answers with questions. */
  const begin = async (place: Place, session: string) => {
    world.model.push(reply().tool('question', { questions }, 'call_ask'));
    const answer = place.prompt(session, 'Go');
    return { answer, request: await asked(place) };
  };
  const toolState = (body: { parts: { type: string; state: unknown }[] }) =>
    body.parts.find(({ type }) => type === 'tool')!.state;
  const callOf = async (place: Place, session: string) => toolState((await place.history(session))[1]!);

  it('wait, and go on with the answers', async () => {
    const place = await world.place();
    const session = await place.session();
    const { answer, request } = await begin(place, session);
    expect(request).toEqual({
      id: expect.stringMatching(/^que_/),
      sessionID: session,
      questions,
      tool: { messageID: expect.any(String), callID: 'call_ask' },
    });
    expect(await open(place)).toEqual([request]);
    expect(await callOf(place, session)).toMatchObject({ status: 'running', input: { questions } });

    world.model.push(reply().text('Red it is.'));
    const answers = [['Red'], ['Bell', 'a horn']];
    const { status, body } = await place.post(`/question/${request['id']}/reply`, { answers });
    expect([status, body]).toEqual([200, true]);
    expect((await answer).body.info.finish).toBe('stop');
    expect(await open(place)).toEqual([]);
    const output =
      'User has answered your questions: "Which colour?"="Red", "Which extras?"="Bell, a horn". ' +
      "You can now continue with the user's answers in mind.";
    expect(await callOf(place, session)).toMatchObject({
      status: 'completed',
      title: 'Asked 2 questions',
      output,
      metadata: { answers, truncated: false },
    });
    expect(world.model.requests[1]!.body.messages.at(-1)).toMatchObject({ role: 'tool', content: output });
    expect(withoutRepeats(place.tale(session))).toEqual([
      ...BEGIN,
      'question.replied',
      'part question completed',
      ...STEP.close('tool-calls'),
      ...STEP.open,
      ...STEP.text('Red it is.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    expect(place.events.all('question.replied')[0]!.properties).toEqual({
      sessionID: session,
      requestID: request['id'],
      answers,
    });
  });

  it('dismissed: the turn ends', async () => {
    const place = await world.place();
    const session = await place.session();
    const { answer, request } = await begin(place, session);
    const { status, body } = await place.post(`/question/${request['id']}/reject`);
    expect([status, body]).toEqual([200, true]);
    const ended = (await answer).body;
    expect(ended.info).toMatchObject({ finish: 'tool-calls' });
    expect(ended.info).not.toHaveProperty('error');
    expect(toolState(ended)).toMatchObject({ status: 'error', error: DISMISSED });
    expect(place.tale(session)).toEqual([
      ...BEGIN,
      'question.rejected',
      'part question error',
      ...STEP.close('tool-calls'),
      ...STEP.end.slice(1),
    ]);
    expect(place.events.all('question.rejected')[0]!.properties).toEqual({
      sessionID: session,
      requestID: request['id'],
    });
  });

  it('dismissed: the turn goes on where the configuration says so', async () => {
    const place = await world.place({ config: { experimental: { continue_loop_on_deny: true } } });
    const { answer, request } = await begin(place, await place.session());
    world.model.push(reply().text('As you wish.'));
    await place.post(`/question/${request['id']}/reject`);
    expect((await answer).body.info.finish).toBe('stop');
  });

  it('abort: takes them back', async () => {
    const place = await world.place();
    const session = await place.session();
    const { answer, request } = await begin(place, session);
    await place.abort(session);
    const { body } = await answer;
    expect(body.info.error.name).toBe('MessageAbortedError');
    expect(toolState(body)).toMatchObject({ status: 'error', error: 'Tool execution aborted' });
    expect(place.story(session)).toContain('question.rejected');
    expect(await open(place)).toEqual([]);
    expect((await place.post(`/question/${request['id']}/reject`)).status).toBe(404);
  });

  it('nobody answers: dismissed at the deadline of the session', async () => {
    const place = await world.place();
    const session = await place.session({ permission: [rule('unanswered', '*', 'deny')] });
    const { answer } = await begin(place, session);
    const ended = (await answer).body;
    expect(ended.info.finish).toBe('tool-calls');
    expect(toolState(ended)).toMatchObject({
      status: 'error',
      error: 'Error: Nobody answered within 0.02 seconds, which counts as if the user dismissed this question',
    });
    expect(place.story(session)).toContain('question.rejected');
  });

  it('nobody answers: the model goes on where the session allows it', async () => {
    const place = await world.place({ config: { permission: { bash: 'ask' } } });
    const session = await place.session({ permission: [rule('unanswered', '*', 'allow')] });
    world.model.push(
      reply().tools(
        { name: 'question', arguments: { questions } },
        { name: 'bash', arguments: { command: 'echo hi', description: 'Say hi' } },
      ),
      reply().text('Done.'),
    );
    const { body } = await place.prompt(session, 'Go');
    expect(body.info.finish).toBe('stop');
    const calls = (await place.history(session))[1]!.parts.filter(({ type }) => type === 'tool');
    expect(calls.map(({ state }) => state)).toMatchObject([
      { status: 'completed', output: expect.stringContaining('"Which colour?"="Unanswered"') },
      { status: 'completed', output: 'hi\n' },
    ]);
    const replies = place.log(session).filter(({ type }) => /\.replied$/.test(type));
    expect(replies.map(({ type, properties }) => `${type} ${properties['reply'] ?? ''}`).sort()).toEqual([
      'permission.replied once',
      'question.replied ',
    ]);
  });

  it('nobody answers a permission: refused, and the turn ends', async () => {
    const place = await world.place({ config: { permission: { bash: 'ask' } } });
    const session = await place.session({ permission: [rule('unanswered', 'bash', 'deny')] });
    world.model.push(reply().tool('bash', { command: 'echo hi', description: 'Say hi' }));
    const { body } = await place.prompt(session, 'Go');
    expect(body.info.finish).toBe('tool-calls');
    expect(toolState(body)).toMatchObject({
      status: 'error',
      error:
        'Error: Nobody answered within 0.02 seconds, which counts as rejected permission to use this specific tool call.',
    });
    expect(place.story(session)).toContain('permission.replied reject');
  });

  it('are refused where the session forbids them, and need no leave where everything is asked for', async () => {
    const place = await world.place({ config: { permission: 'ask' } });
    const forbidden = await place.session({ permission: [rule('question', '*', 'deny')] });
    world.model.push(reply().tool('question', { questions }), reply().text('Then not.'));
    expect((await place.prompt(forbidden, 'Go')).body.info.finish).toBe('stop');
    expect(await callOf(place, forbidden)).toMatchObject({
      status: 'error',
      error: expect.stringContaining('The user has specified a rule'),
    });
    world.model.clear();

    const { answer, request } = await begin(place, await place.session());
    world.model.push(reply().text('Done.'));
    await place.post(`/question/${request['id']}/reply`, { answers: [] });
    expect((await answer).body.info.finish).toBe('stop');
    expect(place.events.types('permission.')).toEqual([]);
  });

  it('answers to nothing are refused', async () => {
    const place = await world.place();
    const { status, body } = await place.post('/question/que_unknown/reply', { answers: [] });
    expect([status, body.name]).toEqual([404, 'NotFoundError']);
    expect((await place.post('/question/que_unknown/reject')).status).toBe(404);
    expect((await place.post('/question/nonsense/reject')).status).toBe(400);
    expect((await place.post('/question/que_unknown/reply', { answers: ['Red'] })).status).toBe(400);
    expect((await place.post('/question/que_unknown/reply')).status).toBe(400);
  });

  it('are offered to the agents that may ask, and of clients that can show them', async () => {
    const place = await world.place();
    for (const agent of ['build', 'plan', 'explore']) {
      world.model.clear();
      world.model.push(reply().text('Hello.'));
      await place.prompt(await place.session(), { agent, parts: [{ type: 'text', text: 'Hi' }] });
      expect(world.model.requests[0]!.tools.includes('question')).toBe(agent !== 'explore');
    }
    const ids = (await place.get('/experimental/tool/ids')).body;
    expect(ids.slice(0, 3)).toEqual(['invalid', 'question', 'bash']);
  });
});
