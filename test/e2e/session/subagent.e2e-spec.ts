import { plain, reply } from '../../../src/testing.js';
import { STEP, withoutRepeats } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

const MODEL = { providerID: 'scripted', modelID: 'test' };
const ABORTED = { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };
const task = (more: object = {}) => ({
  description: 'Count files',
  prompt: 'Count them.',
  subagent_type: 'general',
  ...more,
});
const output = (id: string, text: string) =>
  `task_id: ${id} (for resuming to continue this task if needed)\n\n<task_result>\n${text}\n</task_result>`;

describe('subagents', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const children = async (place: Place, session: string) => (await place.get(`/session/${session}/children`)).body;
  const offered = (index: number) =>
    world.model.requests[index]!.body.tools?.map((each: { function: { name: string } }) => each.function.name) ?? [];
  const stateOf = async (place: Place, session: string, message = 1) =>
    (await place.history(session))[message]!.parts.find(({ type }) => type === 'tool').state;

  it('work in a session of their own and report', async () => {
    const place = await world.place();
    world.model.push(
      reply().tool('task', task(), 'call_task'),
      reply().text('Three files.'),
      reply().text('There are three.'),
    );
    const session = await place.session({ title: 'parent' });
    const from = world.model.requests.length;
    const { body } = await place.prompt(session, 'How many files?');
    expect(body.parts.find(({ type }: { type: string }) => type === 'text').text).toBe('There are three.');

    const [child, ...others] = await children(place, session);
    expect(others).toEqual([]);
    expect(child).toMatchObject({
      parentID: session,
      title: 'Count files (@general subagent)',
      permission: ['todowrite', 'todoread', 'task'].map((permission) => ({ permission, pattern: '*', action: 'deny' })),
    });
    expect(await stateOf(place, session)).toMatchObject({
      status: 'completed',
      title: 'Count files',
      output: output(child.id, 'Three files.'),
      metadata: { sessionId: child.id, model: MODEL, truncated: false },
    });
    const [question, answer] = await place.history(child.id);
    expect(question).toMatchObject({
      info: { agent: 'general', model: MODEL, tools: { todowrite: false, todoread: false, task: false } },
      parts: [{ type: 'text', text: 'Count them.' }],
    });
    expect(answer!.info).toMatchObject({ agent: 'general', mode: 'general', finish: 'stop' });
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('How many files?'),
      ...STEP.open,
      'part task pending',
      'part task running',
      'part task running+',
      'part task completed',
      ...STEP.close('tool-calls'),
      ...STEP.open,
      ...STEP.text('There are three.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    expect(place.tale(child.id)).toEqual([
      ...STEP.prompt('Count them.'),
      ...STEP.open,
      ...STEP.text('Three files.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    // the link comes with the child, so that clients can follow it
    const order = place.events.all(({ type, properties }) =>
      type === 'session.created' ? properties['info'].id === child.id : properties['part']?.state?.metadata?.sessionId,
    );
    expect(order.map(({ type }) => type).slice(0, 2)).toEqual(['session.created', 'message.part.updated']);
    // what the agents are offered
    expect(offered(from)).toContain('task');
    expect(offered(from + 1)).not.toContain('task');
    expect(offered(from + 1)).not.toContain('todowrite');
    const description = world.model.requests[from]!.body.tools!.find(
      (each: { function: { name: string } }) => each.function.name === 'task',
    )!.function.description;
    expect(description).toMatch(/- general: .*\n- explore: /);
  });

  it('go on with an earlier task, and only with one of the caller', async () => {
    const place = await world.place();
    world.model.push(reply().tool('task', task()), reply().text('Three.'), reply().text('Ok.'));
    const session = await place.session({ title: 'parent' });
    await place.prompt(session, 'Count');
    const [child] = await children(place, session);
    world.model.push(
      reply().tools(
        { name: 'task', arguments: task({ task_id: child.id, prompt: 'Again.' }) },
        { name: 'task', arguments: task({ task_id: session }) },
        { name: 'task', arguments: task({ task_id: 'ses_none' }) },
        { name: 'task', arguments: task({ subagent_type: 'nope' }) },
      ),
      reply().text('Four.'),
      reply().text('Ok.'),
    );
    await place.prompt(session, 'Count again');
    const states = (await place.history(session))[4]!.parts.flatMap(({ state }) => state ?? []);
    expect(states.map(({ output, error }) => output ?? error)).toEqual([
      output(child.id, 'Four.'),
      `Error: Task not found: ${session}. Leave task_id out to start a new task.`,
      'Error: Task not found: ses_none. Leave task_id out to start a new task.',
      'Error: Unknown agent type: nope is not a valid agent type',
    ]);
    expect(await children(place, session)).toHaveLength(1);
    expect(await place.history(child.id)).toHaveLength(4);
  });

  it('are asked for by rule, and their own asks carry their session', async () => {
    const place = await world.place({
      config: {
        permission: { task: 'ask', bash: 'ask' },
        agent: { helper: { mode: 'subagent', model: 'scripted/test', description: 'Helps' } },
      },
    });
    world.model.push(
      reply().tool('task', task({ subagent_type: 'helper' })),
      reply().tool('bash', { command: 'ls', description: 'List' }),
      reply().text('I was not allowed to.'),
    );
    const session = await place.session({ title: 'parent' });
    const answer = place.prompt(session, 'Count');
    const first = await place.asked();
    expect(first).toMatchObject({
      sessionID: session,
      permission: 'task',
      patterns: ['helper'],
      always: ['*'],
      metadata: { description: 'Count files', subagent_type: 'helper' },
    });
    await place.allow(first['id']);
    const second = (
      await place.events.next(
        ({ type, properties }) => type === 'permission.asked' && properties['permission'] === 'bash',
      )
    ).properties;
    const [child] = await children(place, session);
    expect(second['sessionID']).toBe(child.id);
    await place.allow(second['id'], 'reject');
    await answer;
    // only the loop of the child ends
    expect(await stateOf(place, session)).toMatchObject({ status: 'completed', output: output(child.id, '') });
  });

  it('are aborted with the session they work for, at any depth', async () => {
    const place = await world.place({
      config: { agent: { boss: { mode: 'subagent', permission: { task: 'allow' } } } },
    });
    world.model.push(
      reply().tool('task', task({ subagent_type: 'boss' })),
      reply().tool('task', task()),
      reply().text('Thinking').hang(),
    );
    const session = await place.session({ title: 'parent' });
    const answer = place.prompt(session, 'Count');
    await place.events.next(({ properties }) => properties['delta'] === 'Thinking');
    const [child] = await children(place, session);
    const [grandchild] = await children(place, child.id);
    await place.abort(session);
    expect((await answer).body.info.error).toEqual(ABORTED);
    const ends = place.events.all('session.idle').map(({ properties }) => properties['sessionID']);
    expect([...new Set(ends)]).toEqual([grandchild.id, child.id, session]);
    for (const id of [session, child.id, grandchild.id])
      expect((await place.history(id)).at(-1)!.info.error).toEqual(ABORTED);
    expect(await stateOf(place, session)).toMatchObject({
      status: 'error',
      error: 'Tool execution aborted',
      metadata: { sessionId: child.id },
    });
    expect((await place.get('/session/status')).body).toEqual({});
  });

  it('say why they ended early', async () => {
    const place = await world.place();
    world.model.push(
      reply().tool('task', task()),
      reply().fail(400, { error: { message: 'bad request' } }),
      reply().text('Pity.'),
    );
    const session = await place.session({ title: 'parent' });
    await place.prompt(session, 'Count');
    expect((await stateOf(place, session)).output).toMatch(
      /<task_result>\n\n<\/task_result>\n\nThe task ended early: .*bad request/,
    );
  });

  it('read only what they may of the files a model names', async () => {
    const place = await world.place({ files: { 'a.txt': 'alpha\n', '.env': 'SECRET=1\n' } });
    const prompt = 'Compare @a.txt, @.env, @/etc/hostname and ask @explore.';
    world.model.push(reply().tool('task', task({ prompt })), reply().text('Done.'), reply().text('Done.'));
    const session = await place.session({ title: 'parent' });
    await place.prompt(session, 'Compare');
    const [child] = await children(place, session);
    const [question] = await place.history(child.id);
    expect(question!.parts.map(({ type, filename, name }) => filename ?? name ?? type)).toEqual([
      'text',
      'text',
      'text',
      'a.txt',
      'explore',
      'text',
    ]);
  });

  it('are called without a question when the user names them', async () => {
    const place = await world.place({ config: { permission: { task: 'ask' } } });
    world.model.push(reply().tool('task', task()), reply().text('Three.'), reply().text('Three.'));
    const session = await place.session({ title: 'parent' });
    await place.prompt(session, {
      parts: [
        { type: 'text', text: 'Count, @general' },
        { type: 'agent', name: 'general', source: { value: '@general', start: 7, end: 15 } },
      ],
    });
    const [user] = await place.history(session);
    expect(user!.parts).toMatchObject([
      { type: 'text' },
      { type: 'agent', name: 'general' },
      { type: 'text', synthetic: true, text: expect.stringContaining('"general"') },
    ]);
    expect(place.events.all('permission.asked')).toEqual([]);
    expect((await stateOf(place, session)).status).toBe('completed');
  });

  it('leave to the session what the configuration keeps for it', async () => {
    const place = await world.place({
      config: {
        experimental: { primary_tools: ['webfetch'] },
        agent: { boss: { mode: 'subagent', description: 'Delegates', permission: { task: 'allow' } } },
      },
    });
    world.model.push(
      reply().tool('task', task({ subagent_type: 'boss' })),
      reply().text('Done.'),
      reply().text('They did it.'),
    );
    const session = await place.session({ title: 'parent' });
    const from = world.model.requests.length;
    await place.prompt(session, 'Delegate');
    const [child] = await children(place, session);
    const rule = (permission: string, action: string) => ({ permission, pattern: '*', action });
    // an agent with a rule of its own for tasks keeps it
    expect(child.permission).toEqual([rule('todowrite', 'deny'), rule('todoread', 'deny'), rule('webfetch', 'allow')]);
    const [question] = await place.history(child.id);
    expect(question!.info.tools).toEqual({ todowrite: false, todoread: false, webfetch: false });
    expect(offered(from)).toContain('webfetch');
    expect(offered(from + 1)).not.toContain('webfetch');
    expect(offered(from + 1)).toContain('task');
  });

  it('do the subtasks of a prompt, all of them, in order', async () => {
    const place = await world.place();
    world.model.push(reply().text('One.'), reply().fail(400, { error: { message: 'no' } }), reply().text('Both done.'));
    const session = await place.session({ title: 'parent' });
    const from = world.model.requests.length;
    const subtask = (prompt: string, agent: string) => ({ type: 'subtask', prompt, description: prompt, agent });
    const { body } = await place.prompt(session, {
      parts: [subtask('first', 'general'), subtask('second', 'explore')],
    });
    expect(withoutRepeats(place.tale(session))).toEqual([
      'user',
      'subtask',
      'session.updated',
      ...['busy', 'assistant', 'part task running', 'part task running+', 'part task completed'],
      'assistant finish=tool-calls completed',
      ...['busy', 'assistant', 'part task running', 'part task running+', 'part task completed'],
      'assistant finish=tool-calls completed',
      ...STEP.open,
      ...STEP.text('Both done.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    const [user, one, two, answer] = await place.history(session);
    expect([one, two, answer].map((each) => each!.info.parentID)).toEqual(Array(3).fill(user!.info.id));
    expect([one, two, answer].map((each) => each!.info.agent)).toEqual(['general', 'explore', 'build']);
    expect(one!.parts).toMatchObject([{ callID: expect.stringMatching(/^[0-9A-Z]{26}$/), tool: 'task' }]);
    expect(body.info.id).toBe(answer!.info.id);
    const messages = world.model.requests[from + 2]!.body.messages.filter(({ role }) => role === 'tool');
    expect(messages.map(({ content }) => plain(content))).toEqual([
      expect.stringContaining('One.'),
      expect.stringContaining('ended early'),
    ]);
  });

  it('refuse subtasks of agents that do not exist', async () => {
    const place = await world.place();
    const session = await place.session();
    const part = { type: 'subtask', prompt: 'x', description: 'x', agent: 'nope' };
    const { status, body } = await place.prompt(session, { parts: [part] });
    expect([status, body.data.message]).toEqual([400, expect.stringMatching(/^Agent not found: "nope"\. Available/)]);
    expect(await place.history(session)).toEqual([]);
  });

  it('are deleted with the session they work for, when all of it has been told to stop', async () => {
    const place = await world.place();
    world.model.push(reply().tool('task', task()), reply().text('Thinking').hang());
    const session = await place.session({ title: 'parent' });
    const answer = place.prompt(session, 'Count');
    await place.events.next(({ properties }) => properties['delta'] === 'Thinking');
    const [child] = await children(place, session);
    await place.delete(`/session/${session}`);
    expect((await answer).body.info.error).toEqual(ABORTED);
    const told = place.events.all(({ type }) => type === 'session.error' || type === 'session.deleted');
    expect(told.map(({ type, properties }) => [type, properties['sessionID'] ?? properties['info'].id])).toEqual([
      ['session.error', child.id],
      ['session.error', session],
      ['session.deleted', child.id],
      ['session.deleted', session],
    ]);
  });

  it('are aborted in the middle of a subtask', async () => {
    const place = await world.place();
    world.model.push(reply().text('Thinking').hang());
    const session = await place.session({ title: 'parent' });
    const answer = place.prompt(session, {
      parts: [{ type: 'subtask', prompt: 'x', description: 'x', agent: 'general' }],
    });
    await place.events.next(({ properties }) => properties['delta'] === 'Thinking');
    await place.abort(session);
    const { info, parts } = (await answer).body;
    expect(info.error).toEqual(ABORTED);
    expect(parts).toMatchObject([{ state: { status: 'error', error: 'Tool execution aborted' } }]);
  });
});
