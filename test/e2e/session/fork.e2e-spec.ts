import { Gate, reply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('a fork', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const fork = (place: Place, session: string, json: object = {}) => place.post(`/session/${session}/fork`, json);

  async function conversation(place: Place): Promise<string> {
    const session = await place.session({ title: 'Work' });
    world.model.push(
      reply().tool('bash', { command: 'echo hi', description: 'Say hi' }),
      reply().text('First.'),
      reply().text('Second.'),
    );
    await place.prompt(session, 'One');
    await place.prompt(session, 'Two');
    return session;
  }

  it('copies the conversation, or what stands before a message', async () => {
    const place = await world.place();
    const session = await conversation(place);
    const original = await place.history(session);
    const at = place.events.log.length;
    const { status, body } = await fork(place, session);
    expect([status, body.title, body.directory]).toEqual([200, 'Work (fork #1)', place.directory]);
    expect(body).not.toHaveProperty('parentID');
    const copy = await place.history(body.id);
    expect(copy.map(({ parts }) => parts.map(({ type, text }) => [type, text]))).toEqual(
      original.map(({ parts }) => parts.map(({ type, text }) => [type, text])),
    );
    expect(copy.map(({ info }) => info.time)).toEqual(original.map(({ info }) => info.time));
    const ids = new Set(original.flatMap(({ info, parts }) => [info.id, ...parts.map(({ id }) => id)]));
    for (const { info, parts } of copy) {
      for (const { id, sessionID, messageID } of parts) {
        expect(ids).not.toContain(id);
        expect([sessionID, messageID]).toEqual([body.id, info.id]);
      }
      if (info.role === 'assistant') expect(copy.map((each) => each.info.id)).toContain(info.parentID);
    }
    const told = place.events.log.slice(at).map(({ type }) => type);
    expect(told.slice(0, 4)).toEqual(['session.created', 'session.updated', 'message.updated', 'message.part.updated']);
    expect(told.filter((type) => type === 'message.updated')).toHaveLength(original.length);

    const second = original.filter(({ info }) => info.role === 'user')[1]!;
    const cut = (await fork(place, body.id, { messageID: copy[original.indexOf(second)]!.info.id })).body;
    expect(cut.title).toBe('Work (fork #2)');
    expect(await place.history(cut.id)).toHaveLength(original.indexOf(second));

    world.model.push(reply().text('Third.'));
    await place.prompt(cut.id, 'Three');
    const sent = world.model.requests.at(-1)!.body.messages.map(({ content }) => JSON.stringify(content));
    expect(sent.join()).toContain('First.');
    expect(sent.join()).not.toContain('Second.');
    expect(await place.history(session)).toEqual(original);
  });

  it('starts without todos and sums; its diff is that of the turns it copies', async () => {
    const place = await world.place({ git: true });
    const todos = [{ content: 'one', status: 'pending', priority: 'low' }];
    world.model.push(
      reply().tools(
        { name: 'todowrite', arguments: { todos } },
        { name: 'write', arguments: { filePath: place.project.path('a.txt'), content: 'A\n' } },
      ),
      reply().text('Noted.'),
    );
    const session = await place.session({ title: 'Work' });
    await place.prompt(session, 'Note');
    const copy = (await fork(place, session)).body;
    const seen = async (id: string) => [
      (await place.get(`/session/${id}/todo`)).body.length,
      (await place.get(`/session/${id}/diff`)).body.length,
    ];
    expect([await seen(session), await seen(copy.id)]).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(copy).not.toHaveProperty('summary');
  });

  it('and a revert cut before a prompt that was queued, not between the answers of the one before', async () => {
    const place = await world.place();
    const gate = new Gate();
    const call = reply().tool('bash', { command: 'echo hi', description: 'Say hi' });
    world.model.push(call.wait(gate), reply().text('First.'), reply().text('Second.'));
    const session = await place.session({ title: 'Work' });
    const first = place.prompt(session, 'One');
    await place.part(({ tool }) => tool === 'bash');
    const second = place.prompt(session, 'Two');
    await place.part(({ text }) => text === 'Two');
    gate.open();
    await Promise.all([first, second]);
    const history = await place.history(session);
    const roles = ['user', 'assistant', 'assistant'];
    expect(history.map(({ info }) => info.role)).toEqual([...roles, 'user', 'assistant']);

    const whole = (await fork(place, session)).body;
    const cut = (await fork(place, session, { messageID: history[3]!.info.id })).body;
    expect((await place.history(whole.id)).map(({ info }) => info.time)).toEqual(history.map(({ info }) => info.time));
    expect((await place.history(cut.id)).map(({ info }) => info.role)).toEqual(roles);

    await place.post(`/session/${session}/revert`, { messageID: history[3]!.info.id });
    for (const id of [session, cut.id]) {
      world.model.push(reply().text('Third.'));
      await place.prompt(id, 'Three');
      expect((await place.history(id)).map(({ info }) => info.role)).toEqual([...roles, 'user', 'assistant']);
      const sent = JSON.stringify(world.model.requests.at(-1)!.body.messages);
      expect([sent.includes('First.'), sent.includes('Two'), sent.includes('Second.')]).toEqual([true, false, false]);
    }
  });

  it('of a session that works copies what is there and ends it', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('Half').wait(gate));
    const session = await place.session();
    await place.promptAsync(session, 'Go');
    await place.events.next('message.part.delta');
    const { body } = await fork(place, session);
    const [, answer] = await place.history(body.id);
    expect(answer!.parts.at(-1)).toMatchObject({ type: 'text', text: 'Half', time: { end: expect.any(Number) } });
    expect(answer!.info).toMatchObject({
      error: { name: 'MessageAbortedError' },
      time: { completed: expect.any(Number) },
    });
    gate.open();
    await place.events.next('session.idle');
  });

  it('of an unknown session is refused', async () => {
    const place = await world.place();
    expect((await fork(place, 'ses_00000000000000000000000000')).status).toBe(404);
    expect((await fork(place, 'nonsense')).status).toBe(400);
  });
});

describe('parts', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const send = (place: Place, method: string, path: string, json?: unknown) =>
    world.server.request(path, {
      directory: place.directory,
      method,
      ...(json !== undefined && { json }),
    });

  it('are replaced and deleted', async () => {
    const place = await world.place();
    const session = await place.session();
    await place.prompt(session, { noReply: true, parts: [{ type: 'text', text: 'One' }] });
    const [message] = await place.history(session);
    const [part] = message!.parts;
    const path = `/session/${session}/message/${message!.info.id}/part/${part.id}`;
    const changed = { ...part, text: 'Two' };
    const { status, body } = await send(place, 'PATCH', path, changed);
    expect([status, body]).toEqual([200, changed]);
    expect(place.events.log.at(-1)).toMatchObject({ type: 'message.part.updated', properties: { part: changed } });
    expect((await place.history(session))[0]!.parts).toEqual([changed]);

    for (const [json, expected] of [
      [{ ...part, id: 'prt_other' }, 400],
      [{ ...part, sessionID: 'ses_other' }, 400],
      [{ ...part, type: 'nonsense' }, 400],
      ['text', 400],
    ] as const)
      expect((await send(place, 'PATCH', path, json)).status).toBe(expected);
    const nowhere = path.replace(message!.info.id, 'msg_00000000000000000000000000');
    const lost = { ...part, messageID: 'msg_00000000000000000000000000' };
    expect((await send(place, 'PATCH', nowhere, lost)).status).toBe(404);

    expect(await send(place, 'DELETE', path)).toMatchObject({ status: 200, body: true });
    expect(place.events.log.at(-1)).toMatchObject({
      type: 'message.part.removed',
      properties: { sessionID: session, messageID: message!.info.id, partID: part.id },
    });
    expect((await send(place, 'DELETE', path)).status).toBe(404);
    expect((await place.history(session))[0]!.parts).toEqual([]);
  });

  it('of a message that is being written are refused', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('Half').wait(gate));
    const session = await place.session();
    await place.promptAsync(session, 'Go');
    await place.events.next('message.part.delta');
    const [, answer] = await place.history(session);
    const [start] = answer!.parts;
    const path = `/session/${session}/message/${answer!.info.id}/part/${start.id}`;
    for (const refused of [await send(place, 'PATCH', path, start), await send(place, 'DELETE', path)])
      expect([refused.status, refused.body.name]).toEqual([409, 'ConflictError']);
    gate.open();
    await place.events.next('session.idle');
  });
});
