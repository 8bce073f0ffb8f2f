import { Gate, reply } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { STEP, withoutRepeats } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

const ABORTED = { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };
/** What is told at once, before the messages are completed. */
const STOPPED = ['idle', 'session.idle', 'session.error MessageAbortedError', 'idle', 'session.idle'];
const ENDED = ['assistant error=MessageAbortedError completed', 'idle', 'session.idle'];

describe('abort', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('while text streams: keeps what was said', async () => {
    const place = await world.place();
    world.model.push(reply().text('Once upon ', 'a time').hang());
    const session = await place.session();
    const answer = place.prompt(session, 'A story');
    await place.events.next(({ properties }) => properties['delta'] === 'a time');
    const { status, body } = await place.abort(session);
    expect([status, body]).toEqual([200, true]);
    const aborted = await answer;
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('A story'),
      ...STEP.open,
      'part text ""',
      'delta "Once upon a time"',
      ...STOPPED,
      'part text "Once upon a time" end',
      ...ENDED,
    ]);
    expect(aborted.status).toBe(200);
    expect(aborted.body.info).toMatchObject({ error: ABORTED, tokens: { input: 0, output: 0 } });
    expect(aborted.body.info).not.toHaveProperty('finish');
    expect(aborted.body).toEqual((await place.history(session)).at(-1));
    expect(place.events.all('session.error')[0]!.properties).toEqual({ sessionID: session, error: ABORTED });
    await world.model.requests[0]!.ended;
    expect(world.model.requests[0]!.aborted).toBe(true);
    expect((await place.get('/session/status')).body).toEqual({});
  });

  it('before the first word, and again', async () => {
    const place = await world.place();
    world.model.push(reply().hang());
    const session = await place.session();
    const answer = place.prompt(session, 'Hello');
    await world.model.request(1);
    await Promise.all([place.abort(session), place.abort(session)]);
    expect((await answer).body.info.error).toEqual(ABORTED);
    expect(place.events.all('session.error')).toHaveLength(1);
  });

  it('during a command: ends everything it started', async () => {
    const place = await world.place();
    const command = 'sleep 300 & echo $! > child.pid; echo $$ > shell.pid; echo started; wait';
    world.model.push(reply().tool('bash', { command, description: 'Wait' }));
    const session = await place.session();
    const answer = place.prompt(session, 'Wait');
    await place.part(({ state }) => state?.metadata?.output === 'started\n');
    await place.abort(session);
    const { body } = await answer;
    const { state } = body.parts[1];
    expect(state).toEqual({
      status: 'error',
      input: { command, description: 'Wait' },
      error: 'Tool execution aborted',
      metadata: { output: 'started\n', description: 'Wait' },
      time: { start: expect.any(Number), end: expect.any(Number) },
    });
    expect(withoutRepeats(place.tale(session)).slice(7)).toEqual([
      'part bash pending',
      'part bash running',
      'part bash running+',
      ...STOPPED,
      'part bash error',
      ...ENDED,
    ]);
    for (const file of ['child.pid', 'shell.pid']) {
      const pid = Number(await place.project.read(file));
      expect(pid).toBeGreaterThan(0);
      await until(async () => !(await alive(pid)), `${file} is gone`);
    }
  });

  it('during a permission question: takes it back', async () => {
    const place = await world.place({ config: { permission: { bash: 'ask' } } });
    world.model.push(reply().tool('bash', { command: 'echo hi', description: 'Say hi' }));
    const session = await place.session();
    const answer = place.prompt(session, 'Go');
    const { id } = await place.asked();
    await place.abort(session);
    const { body } = await answer;
    expect(body.info.error).toEqual(ABORTED);
    expect(body.parts[1].state).toMatchObject({ status: 'error', error: 'Tool execution aborted' });
    expect(place.tale(session).slice(7)).toEqual([
      'part bash pending',
      'part bash running',
      'permission.asked bash echo hi',
      ...STOPPED,
      'permission.replied reject',
      'part bash error',
      ...ENDED,
    ]);
    expect(await place.permissions()).toEqual([]);
    expect((await place.allow(id)).status).toBe(404);
  });

  it('while it waits to try again', async () => {
    const place = await world.place();
    world.model.push(reply().fail(503, 'Come back later', { 'retry-after': '60' }));
    const session = await place.session();
    const answer = place.prompt(session, 'Hello');
    await place.events.next(({ properties }) => properties['status']?.type === 'retry');
    expect((await place.get('/session/status')).body).toEqual({
      [session]: { type: 'retry', attempt: 1, message: 'Come back later', next: expect.any(Number) },
    });
    await place.abort(session);
    expect((await answer).body.info.error).toEqual(ABORTED);
    expect(place.tale(session).slice(-ENDED.length - STOPPED.length - 1)).toEqual(['retry 1', ...STOPPED, ...ENDED]);
  });

  it('with prompts in the queue: they get the aborted message', async () => {
    const place = await world.place();
    world.model.push(reply().text('Once').hang());
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    const second = place.prompt(session, 'two');
    await place.events.next(
      ({ type, properties }) => type === 'message.part.updated' && properties['part'].text === 'two',
    );
    await place.events.next('session.updated');
    await place.abort(session);
    const replies = await Promise.all([first, second]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(replies[0].body.info.error).toEqual(ABORTED);
    expect(replies[1].body).toEqual(replies[0].body);
    const history = await place.history(session);
    expect(history.map(({ info }) => info.role)).toEqual(['user', 'assistant', 'user']);
    expect(world.model.requests).toHaveLength(1);
  });

  it('does not touch a prompt that comes after it', async () => {
    const place = await world.place();
    world.model.push(reply().text('Once').hang(), reply().text('Hello again.'));
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    await place.abort(session);
    const second = await place.prompt(session, 'two');
    expect((await first).body.info.error).toEqual(ABORTED);
    expect(second.body.info.finish).toBe('stop');
    // what was said before the abort stays part of the conversation
    expect(world.model.requests[1]!.body.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'Once' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('does not touch a prompt that comes while the run still winds up', async () => {
    const place = await world.place();
    // the command takes its time to end
    const command = "trap 'sleep 0.4; exit' TERM; echo ready; while :; do sleep 0.02; done";
    world.model.push(reply().tool('bash', { command, description: 'Wait' }), reply().text('Hello again.'));
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.part(({ state }) => state?.metadata?.output === 'ready\n');
    const abort = place.abort(session);
    await place.events.next('session.error');
    const second = await place.prompt(session, 'two');
    await abort;
    expect((await first).body.info.error).toEqual(ABORTED);
    expect([second.body.info.error, second.body.info.finish]).toEqual([undefined, 'stop']);
    expect(second.body.parts[1].text).toBe('Hello again.');
  });

  it('of an idle session says that it is idle', async () => {
    const place = await world.place();
    const session = await place.session();
    const { status, body } = await place.abort(session);
    expect([status, body]).toEqual([200, true]);
    await place.events.until('session.idle');
    expect(place.tale(session)).toEqual(['idle', 'session.idle']);
    expect((await place.abort('ses_unknown')).status).toBe(404);
  });

  it('comes with the deletion of a busy session', async () => {
    const place = await world.place();
    world.model.push(reply().text('Once').hang());
    const session = await place.session();
    const answer = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    const removal = await world.server.request(`/session/${session}`, { method: 'DELETE' });
    expect([removal.status, removal.body]).toEqual([200, true]);
    expect((await answer).body.info.error).toEqual(ABORTED);
    await place.events.until('session.deleted');
    expect(place.tale(session).at(-1)).toBe('session.deleted');
    expect((await place.get(`/session/${session}`)).status).toBe(404);
  });

  it('leaves other sessions alone', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('A').wait(gate).text('B'));
    const [busy, other] = [await place.session(), await place.session()];
    const answer = place.prompt(busy, 'one');
    await place.events.next('message.part.delta');
    await place.abort(other);
    gate.open();
    expect((await answer).body.parts[1].text).toBe('AB');
  });
});
