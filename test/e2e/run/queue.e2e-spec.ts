import { createId } from '#libs/contract';
import { Gate, type ModelRequest, plain, type ReceivedEvent, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

const conversation = ({ body }: ModelRequest) =>
  body.messages.slice(1).map(({ role, content }) => `${role}: ${plain(content).split('\n')[0]}`);

/**
 * What the terminal client of the reference marks as QUEUED while an answer is not finished: it sorts messages by id, and
 * marks the user messages behind the last unfinished answer. One entry for each event of such a time.
 */
function marked(events: readonly ReceivedEvent[]): { working: string; queued: string[] }[] {
  const messages = new Map<string, { id: string; role: string; parentID?: string; time: { completed?: number } }>();
  return events.flatMap(({ type, properties }) => {
    if (type === 'message.updated') messages.set(properties['info'].id, properties['info']);
    const sorted = [...messages.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const pending = sorted.findLast(({ role, time }) => role === 'assistant' && time.completed === undefined);
    if (!pending) return [];
    const queued = sorted.filter(({ id, role }) => role === 'user' && id > pending.id).map(({ id }) => id);
    return [{ working: pending.parentID ?? '', queued }];
  });
}

describe('a busy session', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const stored = (place: Place, text: string) =>
    place.events.next(({ type, properties }) => type === 'message.part.updated' && properties['part'].text === text);

  it('answers its prompts one after the other, each with its own reply', async () => {
    const place = await world.place({ files: { 'a.txt': 'alpha' } });
    const gate = new Gate();
    const filePath = place.project.path('a.txt');
    world.model.push(
      reply().tool('read', { filePath }).wait(gate),
      reply().text('First answer.'),
      reply().text('Second answer.'),
      reply().text('Third answer.'),
    );
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.part(({ tool }) => tool === 'read');
    const second = place.prompt(session, 'two');
    await stored(place, 'two');
    const third = place.prompt(session, 'three');
    await stored(place, 'three');
    gate.open();
    const replies = (await Promise.all([first, second, third])).map(({ body }) => body);
    expect(replies.map(({ parts }) => parts[1].text)).toEqual(['First answer.', 'Second answer.', 'Third answer.']);

    const history = await place.history(session);
    const users = history.filter(({ info }) => info.role === 'user').map(({ info }) => info.id);
    expect(replies.map(({ info }) => info.parentID)).toEqual(users);
    expect(history.filter(({ info }) => info.parentID === users[0])).toHaveLength(2);

    // the model sees the turns, not the order in which messages arrived
    expect(conversation(world.model.requests[1]!)).toEqual([
      'user: one',
      'assistant: ',
      expect.stringMatching(/^tool: /),
    ]);
    expect(conversation(world.model.requests[3]!)).toEqual([
      'user: one',
      'assistant: ',
      expect.stringMatching(/^tool: /),
      'assistant: First answer.',
      'user: two',
      'assistant: Second answer.',
      'user: three',
    ]);
    const lines = place.tale(session);
    expect(lines.filter((line) => line === 'idle' || line === 'session.idle')).toEqual(['idle', 'session.idle']);
    const answers = ['First', 'Second', 'Third'].flatMap((word, index) => [
      ...(index === 0 ? [] : STEP.open),
      ...STEP.text(`${word} answer.`),
      ...STEP.close('stop'),
      'busy',
    ]);
    expect(lines.slice(lines.indexOf('part text ""'))).toEqual([...answers, 'idle', 'session.idle']);
  });

  it('has waiting prompts that a terminal client can tell, however many steps the running turn takes', async () => {
    const place = await world.place({ files: { 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'C' } });
    const gates = [new Gate(), new Gate(), new Gate()];
    const read = (name: string) => ({ filePath: place.project.path(name) });
    world.model.push(
      ...gates.map((gate, index) =>
        reply()
          .text('Looking.')
          .wait(gate)
          .tool('read', read(`${'abc'[index]}.txt`)),
      ),
      reply().text('First answer.'),
      reply().text('Looking again.').tool('read', read('a.txt')),
      reply().text('Second answer.'),
      reply().text('Third answer.'),
    );
    const session = await place.session();
    const answers = [place.prompt(session, 'one')];
    let sent: string[] = [];
    for (const [index, gate] of gates.entries()) {
      await world.model.request(index + 1);
      await place.events.next('message.part.delta');
      // the first step runs with nothing behind it, the others with ever more
      if (index > 0) {
        const text = ['two', 'three'][index - 1]!;
        // the client names its messages, and the network takes its time
        answers.push(place.prompt(session, { messageID: sent[index - 1], parts: [{ type: 'text', text }] }));
        await stored(place, text);
      } else sent = [createId('message'), createId('message')];
      gate.open();
    }
    const replies = (await Promise.all(answers)).map(({ body }) => body);
    const history = await place.history(session);
    expect(history.map(({ info, parts }) => (info.role === 'user' ? parts[0].text : parts[1].text))).toEqual([
      'one',
      ...['Looking.', 'Looking.', 'Looking.', 'First answer.'],
      'two',
      ...['Looking again.', 'Second answer.'],
      'three',
      'Third answer.',
    ]);
    const ids = history.map(({ info }) => info.id);
    expect(ids).toEqual(ids.toSorted());
    expect(replies.map(({ info }) => info.id)).toEqual([ids[4], ids[7], ids[9]]);
    // each was written when it says
    const created = history.map(({ info }) => info.time.created);
    expect(created[4]).toBeGreaterThanOrEqual(created[5]);
    expect((await place.get(`/session/${session}/message?limit=4`)).body).toEqual(history.slice(-4));

    const prompts = [ids[0], ids[5], ids[8]];
    expect(prompts.slice(1)).toEqual(sent);
    const marks = marked(place.log(session)).map(
      ({ working, queued }) =>
        `${prompts.indexOf(working) + 1}: ${queued.map((id) => prompts.indexOf(id) + 1).join(' ')}`,
    );
    expect(marks.filter((mark, index) => mark !== marks[index - 1])).toEqual(['1: ', '1: 2', '1: 2 3', '2: 3', '3: ']);
  });

  it.each([1, 2, 3])('keeps turns together whatever comes meanwhile, as with the seed %i', async (seed) => {
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const place = await world.place();
    const steps = Array.from({ length: 6 }, () => 1 + random(3));
    for (const [turn, count] of steps.entries()) {
      for (let step = 1; step < count; step++)
        world.model.push(
          reply()
            .text(`${turn}.${step}`)
            .delay(random(30))
            .tool('glob', { pattern: `${turn}.${step}` }),
        );
      world.model.push(reply().text(`${turn}.${count}`).delay(random(30)));
    }
    const session = await place.session();
    const expected: string[] = [];
    const answers: ReturnType<Place['prompt']>[] = [];
    for (const [turn, count] of steps.entries()) {
      // most come while another turn is running, some when all is done
      if (random(4) === 0) await Promise.all(answers);
      else await new Promise((resolve) => setTimeout(resolve, random(40)));
      if (random(3) === 0) {
        await place.prompt(session, { parts: [{ type: 'text', text: `note ${turn}` }], noReply: true });
        expected.push(`note ${turn}`);
      }
      const text = `prompt ${turn}`;
      answers.push(place.prompt(session, text));
      await stored(place, text);
      expected.push(text, ...Array.from({ length: count }, (_, step) => `${turn}.${step + 1}`));
    }
    const replies = (await Promise.all(answers)).map(({ body }) => body.parts[1].text);
    expect(replies).toEqual(steps.map((count, turn) => `${turn}.${count}`));
    const texts = (history: { parts: { type: string; text?: string }[] }[]) =>
      history.map(({ parts }) => parts.find(({ type }) => type === 'text')?.text);
    const history = await place.history(session);
    expect(texts(history)).toEqual(expected);
    expect(history.map(({ info }) => info.id)).toEqual(history.map(({ info }) => info.id).toSorted());
    const { id } = (await place.post(`/session/${session}/fork`)).body;
    expect(texts(await place.history(id))).toEqual(expected);
  });

  it('keeps what is not to be answered for later', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('A').wait(gate).text('B'), reply().text('Done.'));
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    const note = await place.prompt(session, { parts: [{ type: 'text', text: 'a note' }], noReply: true });
    expect([note.status, note.body.info.role, note.body.parts[0].text]).toEqual([200, 'user', 'a note']);
    gate.open();
    await first;
    expect(world.model.requests).toHaveLength(1);
    await place.prompt(session, 'two');
    expect(conversation(world.model.requests[1]!)).toEqual(['user: one', 'assistant: AB', 'user: a note', 'user: two']);
  });

  it('refuses only what needs it idle; commands wait like prompts', async () => {
    const place = await world.place({ config: { command: { hello: { template: 'Say hello to $1' } } } });
    const gate = new Gate();
    world.model.push(reply().text('A').wait(gate), reply().text('Hello, Ann.'), reply().text('Wrote it.'));
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    const [user] = await place.history(session);
    for (const [path, body] of [
      ['shell', { agent: 'build', command: 'true' }],
      ['revert', { messageID: user!.info.id }],
      ['unrevert', {}],
    ] as const)
      expect(await place.post(`/session/${session}/${path}`, body)).toMatchObject({
        status: 409,
        body: { name: 'SessionBusyError' },
      });
    expect((await place.patch(`/session/${session}`, { title: 'Named' })).body.title).toBe('Named');
    expect((await place.post(`/session/${session}/fork`)).body.title).toBe('Named (fork #1)');
    const command = place.post(`/session/${session}/command`, { command: 'hello', arguments: 'Ann' });
    await stored(place, 'Say hello to Ann');
    const messageID = 'msg_ffffffffff0000000000000000';
    const init = place.post(`/session/${session}/init`, { providerID: 'scripted', modelID: 'test', messageID });
    await place.events.next(
      ({ type, properties }) => type === 'message.updated' && properties['info'].id === messageID,
    );
    gate.open();
    expect((await first).body.parts[1].text).toBe('A');
    expect((await command).body.parts[1].text).toBe('Hello, Ann.');
    expect((await init).body).toBe(true);
    expect(place.tale(session).filter((line) => line === 'idle')).toEqual(['idle']);
    expect(place.events.all('command.executed').map(({ properties }) => properties['name'])).toEqual(['hello', 'init']);
  });

  it('does not need its client', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('A').wait(gate).text('B'));
    const session = await place.session();
    const gone = new AbortController();
    const answer = world.server.fetch(`/session/${session}/message`, {
      directory: place.directory,
      json: { parts: [{ type: 'text', text: 'one' }] },
      signal: gone.signal,
    });
    answer.catch(() => undefined);
    await place.events.next('message.part.delta');
    gone.abort();
    await expect(answer).rejects.toThrow();
    gate.open();
    await place.events.until('session.idle');
    expect((await place.history(session)).at(-1)).toMatchObject({
      info: { finish: 'stop' },
      parts: [{}, { text: 'AB' }, {}],
    });
    expect(world.model.requests[0]!.aborted).toBe(false);
  });

  it('is one session, whatever directory a request names', async () => {
    const [place, other] = [await world.place(), await world.place()];
    const gate = new Gate();
    world.model.push(reply().text('A').wait(gate).text('B'), reply().text('C'));
    const session = await place.session();
    const first = place.prompt(session, 'one');
    await place.events.next('message.part.delta');
    const second = other.prompt(session, 'two');
    await stored(place, 'two');
    gate.open();
    expect((await first).body.parts[1].text).toBe('AB');
    expect((await second).body.info.path.cwd).toBe(place.directory);
    expect(other.log(session)).toEqual([]);
  });

  it('can work beside another', async () => {
    const place = await world.place();
    const gates = [new Gate(), new Gate()];
    world.model.push(reply().text('a').wait(gates[0]!).text('A'), reply().text('b').wait(gates[1]!).text('B'));
    const sessions = [await place.session(), await place.session()];
    const first = place.prompt(sessions[0]!, 'one');
    await place.events.next('message.part.delta');
    const second = place.prompt(sessions[1]!, 'two');
    await place.events.next(({ properties }) => properties['delta'] === 'b');
    expect(Object.keys((await place.get('/session/status')).body).sort()).toEqual([...sessions].sort());
    gates[1]!.open();
    expect((await second).body.parts[1].text).toBe('bB');
    gates[0]!.open();
    expect((await first).body.parts[1].text).toBe('aA');
  });
});

describe('a prompt that does not wait', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('is taken with 204 and answered by events', async () => {
    const place = await world.place();
    world.model.push(reply().text('Hello.'));
    const session = await place.session();
    const { status, body } = await place.promptAsync(session, 'Hi');
    expect([status, body]).toEqual([204, '']);
    await place.events.until('session.idle');
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('Hi'),
      ...STEP.open,
      ...STEP.text('Hello.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
  });

  it('can be a note', async () => {
    const place = await world.place();
    const session = await place.session();
    const note = { parts: [{ type: 'text', text: 'a note' }], noReply: true };
    expect((await place.promptAsync(session, note)).status).toBe(204);
    expect((await place.prompt(session, note)).body.info.role).toBe('user');
    expect(place.tale(session)).toEqual([...STEP.prompt('a note'), ...STEP.prompt('a note')]);
    expect(world.model.requests).toEqual([]);
  });

  it('has its ids from the client, if it likes', async () => {
    const place = await world.place();
    const session = await place.session();
    world.model.push(reply().text('Hello.'));
    const { body } = await place.prompt(session, {
      messageID: 'msg_mine',
      parts: [{ id: 'prt_mine', type: 'text', text: 'Hi' }],
    });
    expect(body.info.parentID).toBe('msg_mine');
    const [user] = await place.history(session);
    expect([user!.info.id, user!.parts[0].id]).toEqual(['msg_mine', 'prt_mine']);
  });

  it.each(['msg_zzzzzzzzzzzzzzzzzzzzzzzzzz', 'msg_ffffffffffff00000000000000', 'msg_000000000000zzzzzzzzzzzzzz'])(
    'is answered once, whatever its id: %s',
    async (messageID) => {
      const place = await world.place();
      const session = await place.session();
      world.model.push(reply().text('Hello.'), reply().text('Bye.'));
      await place.prompt(session, { messageID, parts: [{ type: 'text', text: 'Hi' }] });
      expect(world.model.requests).toHaveLength(1);
      await place.prompt(session, 'Thanks');
      expect((await place.history(session)).map(({ info }) => info.role)).toEqual([
        'user',
        'assistant',
        'user',
        'assistant',
      ]);
      expect(conversation(world.model.requests[1]!)).toEqual(['user: Hi', 'assistant: Hello.', 'user: Thanks']);
    },
  );

  it('is refused when its id is taken, and changes nothing', async () => {
    const place = await world.place();
    const [session, other] = [await place.session(), await place.session()];
    world.model.push(reply().text('Hello.'));
    await place.prompt(session, { messageID: 'msg_taken', parts: [{ id: 'prt_taken', type: 'text', text: 'Hi' }] });
    const before = await place.history(session);
    const again = { messageID: 'msg_taken', parts: [{ type: 'text', text: 'Again' }] };
    for (const id of [session, other])
      for (const send of [place.prompt.bind(place), place.promptAsync.bind(place)]) {
        const { status, body } = await send(id, again);
        expect([status, body.data?.message ?? body.message]).toEqual([409, expect.stringContaining('msg_taken')]);
      }
    expect((await place.prompt(other, { parts: [{ id: 'prt_taken', type: 'text', text: 'x' }] })).status).toBe(409);
    expect([await place.history(session), await place.history(other)]).toEqual([before, []]);
    expect(world.model.requests).toHaveLength(1);
    expect((await place.get('/session/status')).body).toEqual({});
  });

  it('is refused when two use one id at the same time', async () => {
    const place = await world.place();
    const session = await place.session();
    world.model.push(reply().text('Hello.'));
    const body = { messageID: 'msg_twice', parts: [{ type: 'text', text: 'Hi' }] };
    const replies = await Promise.all([place.prompt(session, body), place.prompt(session, body)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await place.history(session)).toHaveLength(2);
  });
});
