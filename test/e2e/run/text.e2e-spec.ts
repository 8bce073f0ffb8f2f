import { once } from 'node:events';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Gate, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('an answer in text', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('tells the whole story in order', async () => {
    const place = await world.place();
    world.model.push(reply().text('Hello', ', ', 'world', '!\n'));
    const session = await place.session();
    const { status, body } = await place.prompt(session, 'Hi there');
    await place.events.until('session.idle');

    expect(place.story(session)).toEqual([
      'session.created',
      'session.updated',
      'user',
      'part text "Hi there"',
      'session.updated',
      'busy',
      'assistant',
      'busy',
      'step-start',
      'part text ""',
      'delta "Hello, world!\\n"',
      'part text "Hello, world!" end',
      'step-finish stop',
      'assistant finish=stop',
      'assistant finish=stop completed',
      'busy',
      'idle',
      'session.idle',
    ]);
    const deltas = place.events.all('message.part.delta').map(({ properties }) => properties);
    expect(deltas.map(({ delta }) => delta)).toEqual(['Hello', ', ', 'world', '!\n']);

    const history = await place.history(session);
    expect([status, history.length]).toEqual([200, 2]);
    expect(body).toEqual(history[1]);
    expect(history[0]).toEqual({
      info: {
        id: expect.stringMatching(/^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/),
        sessionID: session,
        role: 'user',
        time: { created: expect.any(Number) },
        agent: 'build',
        model: { providerID: 'scripted', modelID: 'test' },
        summary: { diffs: [] },
      },
      parts: [
        { id: expect.any(String), sessionID: session, messageID: history[0]!.info.id, type: 'text', text: 'Hi there' },
      ],
    });
    expect(history[1]!.info).toEqual({
      id: expect.any(String),
      sessionID: session,
      role: 'assistant',
      parentID: history[0]!.info.id,
      time: { created: expect.any(Number), completed: expect.any(Number) },
      modelID: 'test',
      providerID: 'scripted',
      mode: 'build',
      agent: 'build',
      path: { cwd: place.directory, root: '/' },
      cost: 0,
      tokens: { total: 15, input: 10, output: 5, reasoning: 0, cache: { read: 0, write: 0 } },
      finish: 'stop',
    });
    const of = { id: expect.any(String), sessionID: session, messageID: history[1]!.info.id };
    expect(history[1]!.parts).toEqual([
      { ...of, type: 'step-start' },
      { ...of, type: 'text', text: 'Hello, world!', time: { start: expect.any(Number), end: expect.any(Number) } },
      { ...of, type: 'step-finish', reason: 'stop', cost: 0, tokens: history[1]!.info.tokens },
    ]);
  });

  it('goes on with the conversation', async () => {
    const place = await world.place();
    world.model.push(reply().text('First.'), reply().text('Second.'));
    const session = await place.session();
    await place.prompt(session, 'one');
    await place.prompt(session, 'two');
    expect(place.tale(session)).toEqual(
      ['one', 'two'].flatMap((text, index) => [
        ...STEP.prompt(text),
        ...STEP.open,
        ...STEP.text(['First.', 'Second.'][index]!),
        ...STEP.close('stop'),
        ...STEP.end,
      ]),
    );
    const [, second] = world.model.requests;
    expect(second!.body.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'First.' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('has its reasoning in a part of its own, both without the white space at the end', async () => {
    const place = await world.place();
    world.model.push(reply().reasoning('Let me ', 'think. \n').text('Done.', '\n\n'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Think');
    const lines = place.tale(session);
    const kept = body.parts.map(({ type, text }: { type: string; text?: string }) => [type, text]);
    expect(kept).toEqual([
      ['step-start', undefined],
      ['reasoning', 'Let me think.'],
      ['text', 'Done.'],
      ['step-finish', undefined],
    ]);
    expect(lines.filter((line) => line.startsWith('part') || line.startsWith('delta')).slice(1)).toEqual(
      expect.arrayContaining([
        ...['part reasoning ""', 'delta "Let me think. \\n"', 'part reasoning "Let me think." end'],
        ...['part text ""', 'delta "Done.\\n\\n"', 'part text "Done." end'],
      ]),
    );
    expect(lines.indexOf('part reasoning ""')).toBeLessThan(lines.indexOf('part text ""'));
    expect(body.parts[1].time).toEqual({ start: expect.any(Number), end: expect.any(Number) });
  });

  it('can be read while it streams', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('One ', 'two ').wait(gate).text('three.'));
    const session = await place.session();
    const answer = place.prompt(session, 'Count');
    await place.events.next(({ properties }) => properties['delta'] === 'two ');
    const [, growing] = await place.history(session);
    const text = growing!.parts.at(-1);
    expect([text.text, text.time.end, growing!.info.time.completed]).toEqual(['One two ', undefined, undefined]);
    const single = await place.get(`/session/${session}/message/${growing!.info.id}`);
    expect(single.body).toEqual(growing);
    expect((await place.get('/session/status')).body).toEqual({ [session]: { type: 'busy' } });
    gate.open();
    const { body } = await answer;
    expect(body.parts[1].text).toBe('One two three.');
    expect((await place.get('/session/status')).body).toEqual({});
  });

  it('is complete on every open stream before the request for it is answered', async () => {
    const place = await world.place();
    const session = await place.session();
    const headers = { 'x-opencode-directory': place.directory };
    const agent = new Agent({ keepAlive: true });
    const streamRequest = httpRequest(`${world.server.url}/event`, { headers, agent });
    streamRequest.on('error', () => undefined).end();
    const [stream] = (await once(streamRequest, 'response')) as [IncomingMessage];
    stream.on('error', () => undefined);
    const seen: string[] = [];
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      for (const [, type] of chunk.matchAll(/"type":"(step-finish|session\.idle)"/g)) seen.push(type!);
    });
    const rounds = 15;
    for (let round = 0; round < rounds; round++) {
      world.model.push(reply().text(`Answer ${round}`));
      const request = httpRequest(`${world.server.url}/session/${session}/message`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        agent,
      });
      request.end(JSON.stringify({ parts: [{ type: 'text', text: `Prompt ${round}` }] }));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.once('data', () => seen.push('answer')).resume();
      await once(response, 'end');
    }
    expect(seen).toEqual(Array.from({ length: rounds }, () => ['step-finish', 'session.idle', 'answer']).flat());
    streamRequest.destroy();
    agent.destroy();
  });

  it('reaches the streams of its own project only, and the global one', async () => {
    // two repositories with the same first commit would be one project
    const here = await world.place({ git: true, files: { 'name.txt': 'here' } });
    const there = await world.place({ git: true, files: { 'name.txt': 'there' } });
    using everywhere = await world.server.events();
    world.model.push(reply().text('Here.'), reply().text('There.'));
    const sessions = [await here.session(), await there.session()];
    await here.prompt(sessions[0]!, 'here');
    await there.prompt(sessions[1]!, 'there');
    expect(here.log(sessions[1]!)).toEqual([]);
    expect(there.log(sessions[0]!)).toEqual([]);
    const idle = () =>
      everywhere.all('session.idle').map(({ directory, properties }) => [directory, properties['sessionID']]);
    await there.events.until('session.idle');
    expect(idle()).toEqual([
      [here.directory, sessions[0]],
      [there.directory, sessions[1]],
    ]);
    expect((await here.get('/session')).body.map(({ id }: { id: string }) => id)).not.toContain(sessions[1]);
  });
});
