import { Gate, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

const bash = (command: string) => reply().tool('bash', { command, description: 'Work' });

describe('snapshots of the files', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const parts = async (place: Place, session: string) => (await place.history(session)).flatMap((each) => each.parts);

  it('frame each step, see what the first tool of a hasty model does, and name the files that changed', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': 'one\n' } });
    world.model.push(bash('echo two >> a.txt; echo new > b.txt'), reply().text('Done.'));
    const session = await place.session();
    await place.prompt(session, 'Go');
    const [, call, answer] = await place.history(session);
    const [start] = call!.parts;
    const finish = call!.parts.find(({ type }) => type === 'step-finish');
    const patch = call!.parts.at(-1);
    expect(start.snapshot).toMatch(/^[0-9a-f]{40}$/);
    expect(finish.snapshot).not.toBe(start.snapshot);
    expect(patch).toMatchObject({ type: 'patch', hash: start.snapshot });
    expect([...patch.files].sort()).toEqual([place.project.path('a.txt'), place.project.path('b.txt')]);
    expect(answer!.parts[0].snapshot).toBe(finish.snapshot);
    expect(answer!.parts.at(-1)).toMatchObject({ type: 'step-finish', snapshot: finish.snapshot });
    const tale = place.tale(session).filter((line) => line !== 'part bash running+');
    expect(tale).toEqual([
      ...STEP.prompt('Go'),
      ...STEP.open,
      'part bash pending',
      'part bash running',
      'part bash completed',
      'step-finish tool-calls',
      'assistant finish=tool-calls',
      'patch',
      'assistant finish=tool-calls completed',
      ...STEP.open,
      ...STEP.text('Done.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
  });

  it('become a diff of the session and of its message, and sums', async () => {
    const place = await world.place({ git: true, files: { 'a.txt': 'one\n', 'gone.txt': 'x\n' } });
    world.model.push(bash('echo two >> a.txt; rm gone.txt'), bash('echo three > c.txt'), reply().text('Done.'));
    const session = await place.session();
    await place.prompt(session, 'Go');
    const expected = [
      { file: 'a.txt', before: 'one\n', after: 'one\ntwo\n', additions: 1, deletions: 0, status: 'modified' },
      { file: 'c.txt', before: '', after: 'three\n', additions: 1, deletions: 0, status: 'added' },
      { file: 'gone.txt', before: 'x\n', after: '', additions: 0, deletions: 1, status: 'deleted' },
    ];
    expect((await place.get(`/session/${session}/diff`)).body).toEqual(expected);
    expect((await place.history(session))[0]!.info.summary).toEqual({ diffs: expected });
    expect((await place.get(`/session/${session}`)).body.summary).toEqual({ additions: 2, deletions: 1, files: 3 });
    expect(place.events.all('session.diff').at(-1)!.properties).toEqual({ sessionID: session, diff: expected });
    // all of it was told before the end
    expect(place.events.log.at(-1)!.type).toBe('session.idle');

    world.model.push(bash('echo four > d.txt'), reply().text('Done.'));
    await place.prompt(session, 'More');
    const messages = await place.history(session);
    expect(messages[4]!.info.summary.diffs.map(({ file }: { file: string }) => file)).toEqual(['d.txt']);
    expect((await place.get(`/session/${session}`)).body.summary).toEqual({ additions: 3, deletions: 1, files: 4 });
  });

  it('are told with the start of their step, and hold nothing back until its end', async () => {
    const place = await world.place({ git: true });
    const gate = new Gate();
    world.model.push(reply().text('Hello').wait(gate));
    const session = await place.session();
    await place.promptAsync(session, 'Go');
    await place.events.next('message.part.delta');
    gate.open();
    await place.events.next('session.idle');
    const told = place.events.all('message.part.updated').map(({ properties }) => properties['part']);
    expect(told.findLast(({ type }) => type === 'step-start')).toHaveProperty('snapshot', expect.any(String));
  });

  it('are kept of a step that was aborted', async () => {
    const place = await world.place({ git: true });
    world.model.push(bash('echo new > b.txt; sleep 20'));
    const session = await place.session();
    await place.promptAsync(session, 'Go');
    await place.part((part) => part['state']?.status === 'running');
    await place.project.git('status');
    await until(async () => (await place.project.read('b.txt').catch(() => '')) !== '', 'the command has written');
    await place.abort(session);
    // an abort does not wait for it without end
    const last = async () => (await parts(place, session)).at(-1);
    await until(async () => (await last()).type === 'patch', 'the step is wound up');
    expect((await last()).files).toEqual([place.project.path('b.txt')]);
  });

  it.each([
    ['without git', { files: { 'a.txt': 'one\n' } }],
    ['when they are switched off', { git: true, config: { snapshot: false } }],
  ])('are not taken %s', async (_when, options) => {
    const place = await world.place(options);
    world.model.push(bash('echo two > b.txt'), reply().text('Done.'));
    const session = await place.session();
    await place.prompt(session, 'Go');
    for (const part of await parts(place, session)) {
      expect(part).not.toHaveProperty('snapshot');
      expect(part.type).not.toBe('patch');
    }
    expect((await place.get(`/session/${session}/diff`)).body).toEqual([]);
    expect((await place.get(`/session/${session}`)).body.summary).toEqual({ additions: 0, deletions: 0, files: 0 });
    expect((await place.history(session))[0]!.info.summary).toEqual({ diffs: [] });
  });
});
