import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gate, reply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

const bash = (command: string) => reply().tool('bash', { command, description: 'Work' });

/** Every file below the project but git's own, as hex, so that bytes are compared. */
async function filesOf(place: Place): Promise<Record<string, string>> {
  const entries = await readdir(place.directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = files.filter((file) => !file.includes('/.git/')).sort();
  return Object.fromEntries(await Promise.all(own.map(async (file) => [file, (await readFile(file)).toString('hex')])));
}

describe('revert', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** One turn per command; returns the states of the files before each and after the last. */
  async function turns(place: Place, session: string, ...commands: string[]) {
    const states = [await filesOf(place)];
    for (const command of commands) {
      world.model.push(bash(command), reply().text('Done.'));
      await place.prompt(session, command);
      states.push(await filesOf(place));
    }
    const users = (await place.history(session)).filter(({ info }) => info.role === 'user').map(({ info }) => info.id);
    return { states, users: users as string[] };
  }

  const revert = (place: Place, session: string, messageID: string, partID?: string) =>
    place.post(`/session/${session}/revert`, { messageID, ...(partID !== undefined && { partID }) });
  const unrevert = (place: Place, session: string) => place.post(`/session/${session}/unrevert`);
  const since = (place: Place, at: number) => place.events.log.slice(at).map(({ type }) => type);

  it('restores changed, created, deleted and binary files, and unrevert brings all of it forth again', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': 'one\n', 'gone.txt': 'x\n', 'keep.txt': 'k\n' } });
    await writeFile(place.project.path('image.bin'), Buffer.from([0, 255, 1, 254]));
    const session = await place.session();
    const { states, users } = await turns(
      place,
      session,
      `echo two >> a.txt; rm gone.txt; mkdir -p deep/er; echo new > deep/er/b.txt; printf '\\000\\001\\377' > image.bin`,
      'echo three >> a.txt; echo again > gone.txt',
    );
    // the work of the person since
    await place.project.write('mine.txt', 'mine\n');
    const at = place.events.log.length;
    const { status, body } = await revert(place, session, users[0]!);
    expect(status).toBe(200);
    expect(body.revert).toEqual({
      messageID: users[0],
      snapshot: expect.stringMatching(/^[0-9a-f]{40}$/),
      diff: expect.stringContaining('diff --git a/a.txt b/a.txt'),
    });
    expect(body.summary.files).toBe(4);
    expect(since(place, at).filter((type) => type.startsWith('session'))).toEqual(['session.diff', 'session.updated']);
    const mine = { [place.project.path('mine.txt')]: Buffer.from('mine\n').toString('hex') };
    expect(await filesOf(place)).toEqual({ ...states[0], ...mine });
    expect(await readdir(place.directory)).not.toContain('deep');
    expect(await place.history(session)).toHaveLength(6);
    expect((await place.get(`/session/${session}/diff`)).body).toHaveLength(4);

    const back = await unrevert(place, session);
    expect(back.body).not.toHaveProperty('revert');
    expect(await filesOf(place)).toEqual({ ...states[2], ...mine });
    expect(back.body.summary).toEqual({ additions: 4, deletions: 1, files: 4 });
    expect((await unrevert(place, session)).body).toEqual(back.body);
  });

  it('moves to an earlier and to a later point', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': '0\n' } });
    const session = await place.session();
    const { states, users } = await turns(place, session, 'echo 1 >> a.txt', 'echo 2 > b.txt', 'rm a.txt');
    const first = await revert(place, session, users[2]!);
    expect(await filesOf(place)).toEqual(states[2]);
    const second = await revert(place, session, users[0]!);
    expect(await filesOf(place)).toEqual(states[0]);
    expect(second.body.revert.snapshot).toBe(first.body.revert.snapshot);
    await revert(place, session, users[1]!);
    expect(await filesOf(place)).toEqual(states[1]);
    await unrevert(place, session);
    expect(await filesOf(place)).toEqual(states[3]);
  });

  it('ends for good with the next prompt', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': '0\n' } });
    const session = await place.session();
    const { states, users } = await turns(place, session, 'echo 1 >> a.txt', 'echo 2 >> a.txt');
    await revert(place, session, users[1]!);
    world.model.push(reply().text('Something else.'));
    const at = place.events.log.length;
    await place.prompt(session, 'Other');
    expect(since(place, at).slice(0, 6)).toEqual([
      'message.removed',
      'message.removed',
      'message.removed',
      'session.diff',
      'session.updated',
      'message.updated',
    ]);
    const history = await place.history(session);
    expect(history.map(({ info }) => info.role)).toEqual(['user', 'assistant', 'assistant', 'user', 'assistant']);
    expect(await filesOf(place)).toEqual(states[1]);
    const { body } = await place.get(`/session/${session}`);
    expect(body).not.toHaveProperty('revert');
    expect(body.summary).toEqual({ additions: 1, deletions: 0, files: 1 });
    const sent = JSON.stringify(world.model.requests.at(-1)!.body.messages);
    expect(sent).toContain('echo 1');
    expect(sent).not.toContain('echo 2');
  });

  it.each([
    ['a shell command', 'shell', { agent: 'build', command: 'true' }],
    ['a summary', 'summarize', { providerID: 'scripted', modelID: 'test' }],
    ['a note', 'message', { parts: [{ type: 'text', text: 'note' }], noReply: true }],
  ])('ends for good with %s', async (_what, route, body) => {
    const place = await world.place({ git: true, files: { 'a.txt': '0\n' } });
    const session = await place.session();
    const { states, users } = await turns(place, session, 'echo 1 >> a.txt', 'echo 2 >> a.txt');
    const before = (await place.history(session)).map(({ info }) => info.id);
    await revert(place, session, users[1]!);
    if (route === 'summarize') world.model.push(reply().text('They worked.'));
    await place.post(`/session/${session}/${route}`, body);
    const removed = place.events.all('message.removed').map(({ properties }) => properties['messageID']);
    expect(removed.toSorted()).toEqual(before.slice(3));
    expect((await place.history(session)).map(({ info }) => info.id).slice(0, 3)).toEqual(before.slice(0, 3));
    expect((await place.get(`/session/${session}`)).body).not.toHaveProperty('revert');
    expect(await filesOf(place)).toEqual(states[1]);
  });

  it('of a part takes back what comes from it on, and of an answer the whole turn', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': '0\n' } });
    world.model.push(
      bash('echo 1 >> a.txt'),
      reply().text('Now the other.').tool('bash', { command: 'echo 2 >> a.txt', description: 'Work' }),
      reply().text('Done.'),
    );
    const session = await place.session();
    await place.prompt(session, 'Go');
    const [user, first, second] = await place.history(session);
    const call = second!.parts.find(({ type }) => type === 'tool');
    const partly = await revert(place, session, second!.info.id, call.id);
    expect(partly.body.revert).toMatchObject({ messageID: second!.info.id, partID: call.id });
    expect(await place.project.read('a.txt')).toBe('0\n1\n');

    const text = second!.parts.find(({ type }) => type === 'text');
    const whole = await revert(place, session, second!.info.id, text.id);
    expect(whole.body.revert.messageID).toBe(user!.info.id);
    expect(whole.body.revert).not.toHaveProperty('partID');
    // the changes of earlier steps of the turn too
    expect(await place.project.read('a.txt')).toBe('0\n');

    await unrevert(place, session);
    await revert(place, session, second!.info.id, call.id);
    world.model.push(reply().text('Well.'));
    const at = place.events.log.length;
    await place.prompt(session, 'Next');
    expect(since(place, at).slice(0, 2)).toEqual(['message.removed', 'message.part.removed']);
    const history = await place.history(session);
    expect(history.map(({ info }) => info.id).slice(0, 3)).toEqual([user, first, second].map((each) => each!.info.id));
    expect(history[2]!.parts.map(({ type }) => type)).toEqual(['step-start', 'text']);
  });

  it('without git moves the marker only', async () => {
    const place = await world.place();
    const session = await place.session();
    const { users } = await turns(place, session, 'echo 1 > a.txt');
    const { body } = await revert(place, session, users[0]!);
    expect(body.revert).toEqual({ messageID: users[0] });
    expect(await place.project.read('a.txt')).toBe('1\n');
    expect((await unrevert(place, session)).body).not.toHaveProperty('revert');
  });

  it('is refused while the session works, and ignores what is not there', async () => {
    const place = await world.place({ git: true });
    const session = await place.session();
    const gate = new Gate();
    world.model.push(reply().wait(gate).text('Hi'));
    await place.promptAsync(session, 'Go');
    await world.model.request();
    const [user] = await place.history(session);
    for (const answer of [await revert(place, session, user!.info.id), await unrevert(place, session)]) {
      expect(answer.status).toBe(409);
      expect(answer.body.name).toBe('SessionBusyError');
    }
    gate.open();
    await place.events.next('session.idle');
    const unknown = await revert(place, session, 'msg_00000000000000000000000000');
    expect([unknown.status, unknown.body.revert]).toEqual([200, undefined]);
    expect((await revert(place, 'ses_00000000000000000000000000', user!.info.id)).status).toBe(404);
    expect((await revert(place, session, 'nonsense')).status).toBe(400);
  });

  it('changes nothing when a snapshot is gone, and says why', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': '0\n' } });
    const session = await place.session();
    const { users, states } = await turns(place, session, 'echo 1 >> a.txt');
    const answer = (await place.history(session))[1]!;
    const patch = answer.parts.at(-1);
    const gone = { ...patch, hash: 'f'.repeat(40) };
    const path = `/session/${session}/message/${answer.info.id}/part/${patch.id}`;
    await world.server.request(path, { directory: place.directory, json: gone, method: 'PATCH' });
    const { status, body } = await revert(place, session, users[0]!);
    expect([status, body.name]).toEqual([409, 'ConflictError']);
    expect(await filesOf(place)).toEqual(states[1]);
    expect((await place.get(`/session/${session}`)).body).not.toHaveProperty('revert');
  });

  it.each([20_261_122, 7])('keeps its promises whatever was done, as with the seed %i', async (seed) => {
    const random = generator(seed);
    const place = await world.place({ git: true, files: { 'f0.txt': 'start\n', 'd/f1.txt': 'start\n' } });
    const session = await place.session();
    const commands = Array.from({ length: 3 }, () => randomWork(random));
    const { states, users } = await turns(place, session, ...commands);
    const before = await place.history(session);
    for (let move = 0; move < 4; move++) {
      const point = random(users.length);
      await revert(place, session, users[point]!);
      expect(await filesOf(place)).toEqual(states[point]);
      if (random(2) === 0) continue;
      await unrevert(place, session);
      expect(await filesOf(place)).toEqual(states.at(-1));
      expect(await place.history(session)).toEqual(before);
    }
    const cut = random(users.length);
    await revert(place, session, users[cut]!);
    const fork = (await place.post(`/session/${session}/fork`, { messageID: users[cut] })).body.id;
    world.model.push(reply().text('Done.'));
    await place.prompt(session, 'After');
    const after = await place.history(session);
    const kept = before.slice(
      0,
      before.findIndex(({ info }) => info.id === users[cut]),
    );
    expect(after.slice(0, -2)).toEqual(kept);
    expect(await filesOf(place)).toEqual(states[cut]);
    expect(withoutIds(await place.history(fork))).toEqual(withoutIds(kept));
  });
});

/** Numbers from 0 to below n, the same ones for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomWork(random: (below: number) => number): string {
  const name = () => ['f0.txt', 'd/f1.txt', 'f2.txt', 'd/e/f3.bin', 'f 4.txt'][random(5)]!;
  const one = () => {
    const file = name();
    const ways = [
      `mkdir -p d/e; echo ${random(1000)} >> '${file}'`,
      `rm -f '${file}'`,
      `mkdir -p d/e; printf '\\000\\${100 + random(77)}' > '${file}'`,
      `mkdir -p d/e; mv '${file}' '${name()}' 2>/dev/null || true`,
      'true',
    ];
    return ways[random(ways.length)]!;
  };
  return Array.from({ length: 1 + random(3) }, one).join('; ');
}

/** Messages as they are, but for what a copy has of its own. */
function withoutIds(history: Awaited<ReturnType<Place['history']>>): unknown {
  return history.map(({ info, parts }) => ({
    info: { ...info, id: '', sessionID: '', parentID: '' },
    parts: parts.map((part) => ({ ...part, id: '', sessionID: '', messageID: '' })),
  }));
}
