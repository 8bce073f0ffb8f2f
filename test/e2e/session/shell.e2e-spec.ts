import { reply } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { STEP, withoutRepeats } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('shell commands of the user', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const run = (place: Place, session: string, command: string, more: object = {}) =>
    place.post(`/session/${session}/shell`, { agent: 'build', command, ...more });
  const outputIs = (place: Place, text: string) => place.part(({ state }) => state?.metadata?.output === text);

  it('run in the project and stand in the conversation', async () => {
    const place = await world.place();
    const session = await place.session({ title: 'shell' });
    const { status, body } = await run(place, session, 'pwd; echo wrong >&2; false');
    const output = `${place.directory}\nwrong\n`;
    expect(status).toBe(200);
    const metadata = { output, description: '' };
    const time = { start: expect.any(Number), end: expect.any(Number) };
    expect(body.parts).toMatchObject([
      {
        tool: 'bash',
        callID: expect.stringMatching(/^[0-9A-Z]{26}$/),
        state: {
          status: 'completed',
          input: { command: 'pwd; echo wrong >&2; false' },
          output,
          title: '',
          metadata,
          time,
        },
      },
    ]);
    const [user, answer] = await place.history(session);
    expect(user!.parts).toMatchObject([{ type: 'text', synthetic: true }]);
    expect(body).toEqual(answer);
    expect(answer!.info).toMatchObject({
      parentID: user!.info.id,
      agent: 'build',
      time: { completed: expect.any(Number) },
    });
    expect(answer!.info).not.toHaveProperty('finish');
    expect(withoutRepeats(place.tale(session))).toEqual([
      'user',
      expect.stringMatching(/^part text/),
      'busy',
      'assistant',
      'part bash running',
      'part bash running+',
      'part bash completed',
      'assistant completed',
      'idle',
      'session.idle',
    ]);
    // the model sees it
    world.model.push(reply().text('It failed.'));
    await place.prompt(session, 'What happened?');
    const sent = world.model.requests.at(-1)!.body.messages;
    expect(sent.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
  });

  it('are refused while the session works; a prompt waits for them', async () => {
    const place = await world.place();
    const session = await place.session({ title: 'shell' });
    const first = run(place, session, 'echo started; until [ -e go ]; do sleep 0.02; done; echo done');
    await outputIs(place, 'started\n');
    expect((await place.get('/session/status')).body).toEqual({ [session]: { type: 'busy' } });
    const second = await run(place, session, 'echo no');
    expect([second.status, second.body.name]).toEqual([409, 'SessionBusyError']);
    world.model.push(reply().text('Seen.'));
    const answer = place.prompt(session, 'And?');
    await place.events.next(
      ({ type, properties }) => type === 'message.part.updated' && properties['part'].text === 'And?',
    );
    expect(await place.history(session)).toHaveLength(3);
    await place.project.write('go', '');
    expect((await first).body.parts[0].state.output).toBe('started\ndone\n');
    expect((await answer).body.parts[1].text).toBe('Seen.');
    expect(place.story(session).slice(-STEP.end.length)).toEqual(STEP.end);
  });

  it('are ended by an abort, with everything they started', async () => {
    const place = await world.place();
    const session = await place.session({ title: 'shell' });
    const answer = run(place, session, 'sleep 300 & echo $!; wait');
    const { properties } = await place.part(({ state }) => /^\d+\n$/.test(state?.metadata?.output ?? ''));
    await place.abort(session);
    const { info, parts } = (await answer).body;
    expect(parts[0].state).toMatchObject({
      status: 'completed',
      output: expect.stringMatching(/\n\n<metadata>\nUser aborted the command\n<\/metadata>$/),
    });
    expect(info.time.completed).toEqual(expect.any(Number));
    const pid = Number(properties['part'].state.metadata.output);
    await until(async () => !(await alive(pid)), 'what it started is gone');
    expect((await place.get('/session/status')).body).toEqual({});
  });

  it.each([
    ['an unknown agent', { agent: 'nope' }, 400],
    ['an unknown model', { model: { providerID: 'scripted', modelID: 'nope' } }, 400],
    ['no agent', { agent: undefined }, 400],
    ['no command', { command: undefined }, 400],
  ])('are refused with %s', async (_, input, expected) => {
    const place = await world.place();
    const session = await place.session();
    expect((await run(place, session, 'echo', input)).status).toBe(expected);
    expect(await place.history(session)).toEqual([]);
    expect((await run(place, 'ses_unknown', 'echo')).status).toBe(404);
    expect((await place.get('/session/status')).body).toEqual({});
  });
});
