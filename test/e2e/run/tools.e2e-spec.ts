import { Gate, plain, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('tool calls', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const results = (index: number) =>
    world.model.requests[index]!.body.messages.filter(({ role }) => role === 'tool').map(({ content }) =>
      plain(content),
    );

  it('read a real file, and answer in the next step', async () => {
    const place = await world.place({ files: { 'notes.txt': 'Buy milk.\n' } });
    const filePath = place.project.path('notes.txt');
    world.model.push(reply().tool('read', { filePath }, 'call_read'), reply().text('You need milk.'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'What do I need?');

    expect(place.tale(session)).toEqual([
      ...STEP.prompt('What do I need?'),
      ...STEP.open,
      'part read pending',
      'part read running',
      'part read completed',
      ...STEP.close('tool-calls'),
      ...STEP.open,
      ...STEP.text('You need milk.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    const [user, call, answer] = await place.history(session);
    expect([call!.info.parentID, answer!.info.parentID]).toEqual([user!.info.id, user!.info.id]);
    expect(body).toEqual(answer);
    const part = call!.parts.find(({ type }) => type === 'tool');
    expect(part).toMatchObject({
      callID: 'call_read',
      tool: 'read',
      state: { status: 'completed', input: { filePath }, output: expect.stringContaining('Buy milk.') },
    });
    expect(results(1)).toEqual([part.state.output]);
    expect(world.model.requests[1]!.body.messages.at(-2)).toMatchObject({
      role: 'assistant',
      tool_calls: [{ id: 'call_read', function: { name: 'read', arguments: JSON.stringify({ filePath }) } }],
    });
    const states = place.log(session).flatMap(({ properties }) => properties['part']?.state ?? []);
    expect(states[0]).toEqual({ status: 'pending', input: {}, raw: '' });
    expect(states[1]).toEqual({ status: 'running', input: { filePath }, time: { start: expect.any(Number) } });
    expect(states.at(-1).time.start).toBe(states[1].time.start);
  });

  it('run in parallel, and complete in the order in which they finish', async () => {
    const place = await world.place({ files: { 'a.txt': 'alpha\n' } });
    world.model.push(
      reply()
        .text('Looking.')
        .tools(
          {
            name: 'bash',
            arguments: { command: 'until [ -e go ]; do sleep 0.02; done; echo slow', description: 'Wait' },
          },
          { name: 'read', arguments: { filePath: place.project.path('a.txt') } },
        ),
      reply().text('Both.'),
    );
    const session = await place.session();
    const answer = place.prompt(session, 'Look');
    await place.part(({ tool, state }) => tool === 'read' && state.status === 'completed');
    await place.project.write('go', '');
    await answer;

    // progress of the command comes when it comes
    const lines = place.tale(session).filter((line) => !line.endsWith('+'));
    expect(lines.filter((line) => /^part (bash|read)|^step-finish/.test(line))).toEqual([
      'part bash pending',
      'part read pending',
      'part bash running',
      'part read running',
      'part read completed',
      'part bash completed',
      'step-finish tool-calls',
      'step-finish stop',
    ]);
    const [, call] = await place.history(session);
    expect(call!.parts.map(({ type, tool }) => tool ?? type)).toEqual([
      'step-start',
      'text',
      'bash',
      'read',
      'step-finish',
    ]);
    expect(results(1)).toEqual(['slow\n', expect.stringContaining('alpha')]);
  });

  it('start while the model is still speaking', async () => {
    const place = await world.place({ files: { 'a.txt': 'alpha\n' } });
    const gate = new Gate();
    world.model.push(
      reply()
        .tool('read', { filePath: place.project.path('a.txt') })
        .wait(gate),
      reply().text('Done.'),
    );
    const session = await place.session();
    const answer = place.prompt(session, 'Look');
    await place.part(({ state }) => state?.status === 'pending');
    gate.open();
    await answer;
  });

  it('change files, and remember what was read', async () => {
    const place = await world.place({ files: { 'a.txt': 'alpha\n' }, git: true });
    const filePath = place.project.path('a.txt');
    world.model.push(
      reply().tool('edit', { filePath, oldString: 'alpha', newString: 'beta' }),
      reply().tool('read', { filePath }),
      reply().tool('edit', { filePath, oldString: 'alpha', newString: 'beta' }),
      reply().tool('write', { filePath: place.project.path('new/b.txt'), content: 'new\n' }),
      reply().tools(
        { name: 'glob', arguments: { pattern: '**/*.txt' } },
        { name: 'grep', arguments: { pattern: 'bet.' } },
        { name: 'todowrite', arguments: { todos: [{ content: 'x', status: 'pending', priority: 'low' }] } },
      ),
      reply().text('Done.'),
    );
    const session = await place.session();
    await place.prompt(session, 'Change it');
    expect([await place.project.read('a.txt'), await place.project.read('new/b.txt')]).toEqual(['beta\n', 'new\n']);
    expect(results(1)).toEqual([
      `Error: You must read file ${filePath} before overwriting it. Use the Read tool first`,
    ]);
    expect(results(5).slice(-3)).toEqual([
      expect.stringContaining('b.txt'),
      expect.stringContaining('beta'),
      expect.any(String),
    ]);
    expect((await place.get(`/session/${session}/todo`)).body).toEqual([
      { content: 'x', status: 'pending', priority: 'low' },
    ]);
    expect(place.events.all('file.edited').map(({ properties }) => properties['file'])).toEqual([
      filePath,
      place.project.path('new/b.txt'),
    ]);
    expect(place.events.all('todo.updated')).toHaveLength(1);
    const history = await place.history(session);
    expect(new Set(history.slice(1).map(({ info }) => info.parentID))).toEqual(new Set([history[0]!.info.id]));
    expect(history.at(-1)!.info.path).toEqual({ cwd: place.directory, root: place.directory });
  });

  describe('that make no sense', () => {
    it('to an unknown tool are explained, and the loop goes on', async () => {
      const place = await world.place();
      world.model.push(reply().tool('teleport', { to: 'Mars' }), reply().text('Sorry.'));
      const session = await place.session();
      await place.prompt(session, 'Go');
      expect(place.tale(session)).toEqual([
        ...STEP.prompt('Go'),
        ...STEP.open,
        'part teleport pending',
        'part invalid running',
        'part invalid completed',
        ...STEP.close('tool-calls'),
        ...STEP.open,
        ...STEP.text('Sorry.'),
        ...STEP.close('stop'),
        ...STEP.end,
      ]);
      const [, call] = await place.history(session);
      const { state } = call!.parts.find(({ type }) => type === 'tool');
      expect(state).toMatchObject({
        status: 'completed',
        title: 'Invalid Tool',
        metadata: { truncated: false },
        input: {
          tool: 'teleport',
          error: expect.stringContaining("Model tried to call unavailable tool 'teleport'. Available tools: "),
        },
      });
      expect(state.output).toBe(`The arguments provided to the tool are invalid: ${state.input.error}`);
      expect(results(1)).toEqual([state.output]);
      expect(world.model.requests[1]!.body.messages.at(-2)!.tool_calls![0]!.function.name).toBe('invalid');
      expect(world.model.requests[0]!.tools).not.toContain('invalid');
    });

    it('by their letters are understood', async () => {
      const place = await world.place();
      world.model.push(reply().tool('BASH', { command: 'echo hi', description: 'Say hi' }), reply().text('Done.'));
      const session = await place.session();
      await place.prompt(session, 'Go');
      const [, call] = await place.history(session);
      expect(call!.parts[1]).toMatchObject({ tool: 'bash', state: { status: 'completed', output: 'hi\n' } });
    });

    it('by broken JSON are explained', async () => {
      const place = await world.place();
      world.model.push(reply().tool('bash', ['{"command": "ls"', ', oops']), reply().text('Sorry.'));
      const session = await place.session();
      await place.prompt(session, 'Go');
      const [, call] = await place.history(session);
      expect(call!.parts[1]).toMatchObject({
        tool: 'invalid',
        state: {
          status: 'completed',
          input: {
            tool: 'bash',
            error: expect.stringContaining(
              'Invalid input for tool bash: JSON parsing failed: Text: {"command": "ls", oops',
            ),
          },
        },
      });
    });

    it('by their arguments are errors of the tool', async () => {
      const place = await world.place();
      world.model.push(reply().tool('bash', { command: 5 }), reply().text('Sorry.'));
      const session = await place.session();
      await place.prompt(session, 'Go');
      const [, call] = await place.history(session);
      expect(call!.parts[1]).toMatchObject({
        tool: 'bash',
        state: {
          status: 'error',
          input: { command: 5 },
          error: expect.stringMatching(
            /^Error: The bash tool was called with invalid arguments: \[[^]*"command"[^]*\]\./,
          ),
        },
      });
      expect(results(1)).toEqual([call!.parts[1].state.error]);
      expect(place.tale(session).slice(7, 10)).toEqual(['part bash pending', 'part bash running', 'part bash error']);
    });

    it('and fail leave the loop running', async () => {
      const place = await world.place();
      const filePath = place.project.path('nope.txt');
      world.model.push(
        reply().tools(
          { name: 'read', arguments: { filePath } },
          { name: 'bash', arguments: { command: 'exit 3', description: 'Fail' } },
        ),
        reply().text('Sorry.'),
      );
      const session = await place.session();
      const { body } = await place.prompt(session, 'Go');
      const [, call] = await place.history(session);
      expect(call!.parts[1]).toMatchObject({ state: { status: 'error', error: `Error: File not found: ${filePath}` } });
      expect(call!.parts[2]).toMatchObject({ state: { status: 'completed', metadata: { exit: 3 } } });
      expect(body.info.finish).toBe('stop');
    });

    it('like the finish reason of some servers are calls all the same', async () => {
      const place = await world.place();
      world.model.push(
        reply().tool('bash', { command: 'echo hi', description: 'Say hi' }).finishReason('stop'),
        reply().text('Done.'),
      );
      const session = await place.session();
      await place.prompt(session, 'Go');
      expect((await place.history(session)).map(({ info }) => info.finish)).toEqual([undefined, 'tool-calls', 'stop']);
    });
  });
});
