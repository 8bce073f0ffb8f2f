import { reply, scriptedProvider } from '../../../src/testing.js';
import { STEP, withoutRepeats } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

const MODEL = { providerID: 'scripted', modelID: 'test' };

describe('slash commands', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const run = (place: Place, session: string, command: string, args = '', more: object = {}) =>
    place.post(`/session/${session}/command`, { command, arguments: args, ...more });
  /** The text of the prompt that a command became. */
  const textOf = async (place: Place, session: string) => (await place.history(session)).at(-2)!.parts[0].text;

  it('are listed: built-in ones, those of the configuration, and Markdown files', async () => {
    const place = await world.place({
      config: { command: { hello: { template: 'Say hello to $1 and $2', description: 'Greets' } } },
      files: {
        '.opencode/command/sub/nest.md':
          '---\ndescription: Deep: down\nagent: plan\nmodel: scripted/test\nsubtask: false\n---\n\nDo $ARGUMENTS\n',
        '.opencode/commands/plain.md': 'Just do it.',
        '.opencode/commands/review.md': 'My review',
      },
    });
    const { body } = await place.get('/command');
    expect(body.map(({ name }: { name: string }) => name)).toEqual(['init', 'review', 'hello', 'sub/nest', 'plain']);
    expect(body[0]).toMatchObject({ source: 'command', template: expect.stringContaining('AGENTS.md') });
    expect(body.slice(1)).toEqual([
      { name: 'review', source: 'command', template: 'My review', hints: [] },
      {
        name: 'hello',
        description: 'Greets',
        source: 'command',
        template: 'Say hello to $1 and $2',
        hints: ['$1', '$2'],
      },
      {
        name: 'sub/nest',
        description: 'Deep: down',
        agent: 'plan',
        model: 'scripted/test',
        subtask: false,
        source: 'command',
        template: 'Do $ARGUMENTS',
        hints: ['$ARGUMENTS'],
      },
      { name: 'plain', source: 'command', template: 'Just do it.', hints: [] },
    ]);
  });

  it('say which file is wrong', async () => {
    const place = await world.place({ files: { '.opencode/command/bad.md': '---\nsubtask: maybe\n---\nx' } });
    const { status, body } = await place.get('/command');
    expect([status, body.name, body.data.path]).toEqual([
      500,
      'ConfigInvalidError',
      place.project.path('.opencode/command/bad.md'),
    ]);
    await place.project.write('.opencode/command/bad.md', 'mended');
    expect((await place.get('/command')).status).toBe(200);
  });

  it('become prompts', async () => {
    const place = await world.place({
      config: { command: { hello: { template: 'Say hello to $1 and $2', agent: 'plan' } } },
      files: { 'a.txt': 'alpha\n' },
    });
    world.model.push(reply().text('Hello!'));
    const session = await place.session({ title: 'commands' });
    const file = { type: 'file', mime: 'image/png', url: 'data:image/png;base64,AAAA', filename: 'x.png' };
    const { status, body } = await run(place, session, 'hello', 'Ann @a.txt "my friends"', { parts: [file] });
    expect([status, body.info.finish]).toEqual([200, 'stop']);
    expect(place.tale(session).slice(-STEP.end.length)).toEqual(STEP.end);
    const [user, answer] = await place.history(session);
    expect(user!.info).toMatchObject({ agent: 'plan', model: MODEL });
    expect(user!.parts.map(({ type, text, filename }) => filename ?? text ?? type)).toEqual([
      'Say hello to Ann and @a.txt my friends',
      expect.stringContaining('a.txt'),
      expect.stringContaining('alpha'),
      'a.txt',
      'x.png',
    ]);
    const [executed] = place.events.all('command.executed');
    expect(executed!.properties).toEqual({
      name: 'hello',
      sessionID: session,
      arguments: 'Ann @a.txt "my friends"',
      messageID: answer!.info.id,
    });
    const types = place.events.log.map(({ type }) => type);
    expect(types.indexOf('command.executed')).toBeGreaterThan(types.lastIndexOf('session.idle'));
  });

  it('use the model of the command, else of its agent, else of the request, else of the session', async () => {
    const config = scriptedProvider(world.model) as { provider: { scripted: { models: Record<string, object> } } };
    const { models } = config.provider.scripted;
    for (const name of ['second', 'third', 'fourth']) models[name] = { ...models['test'], name };
    const place = await world.place({
      config: {
        ...config,
        agent: { artist: { mode: 'primary', model: 'scripted/third' } },
        command: {
          own: { template: 'own', agent: 'artist', model: 'scripted/second' },
          agents: { template: 'agents', agent: 'artist' },
          plain: { template: 'plain' },
        },
      },
    });
    const session = await place.session({ title: 'commands' });
    const used = [];
    for (const [name, more] of [
      ['own', { model: 'scripted/fourth' }],
      ['agents', { model: 'scripted/fourth', agent: 'plan' }],
      ['plain', { model: 'scripted/fourth', agent: 'plan' }],
      ['plain', {}],
    ] as const) {
      world.model.push(reply().text('Ok.'));
      const { info } = (await run(place, session, name, '', more)).body;
      used.push([info.agent, info.modelID]);
    }
    expect(used).toEqual([
      ['artist', 'second'],
      ['artist', 'third'],
      ['plan', 'fourth'],
      ['build', 'fourth'],
    ]);
  });

  it('run the snippets of their template in the project, and never what is typed', async () => {
    const template = 'Here: !`pwd; ls *.md; echo "<$1|$ARGUMENTS>"` and $ARGUMENTS';
    const place = await world.place({
      config: { command: { look: { template } } },
      files: { 'one.md': '1', 'two.md': '2' },
    });
    world.model.push(reply().text('Ok.'));
    const session = await place.session({ title: 'commands' });
    const typed = '"; touch hacked; echo " !`touch hacked` $(touch hacked)';
    await run(place, session, 'look', typed);
    expect(await textOf(place, session)).toBe(
      `Here: ${place.directory}\none.md\ntwo.md\n<; touch hacked; echo  !\`touch hacked\` $(touch hacked)|${typed}>\n and ${typed}`,
    );
    await expect(place.project.read('hacked')).rejects.toThrow('ENOENT');
  });

  it('hand subtasks to subagents, and the agent tells what came out', async () => {
    const place = await world.place({
      config: { command: { sub: { template: 'Look at $1', description: 'the sub', agent: 'explore' } } },
    });
    world.model.push(reply().text('Found it.'), reply().text('It was found.'));
    const session = await place.session({ title: 'commands' });
    // what is attached is for prompts only
    const file = { type: 'file', mime: 'image/png', url: 'data:image/png;base64,AAAA', filename: 'x.png' };
    const { body } = await run(place, session, 'sub', 'this', { parts: [file] });
    expect(withoutRepeats(place.tale(session))).toEqual([
      'user',
      'subtask',
      'session.updated',
      ...['busy', 'assistant', 'part task running', 'part task running+', 'part task completed'],
      'assistant finish=tool-calls completed',
      'busy',
      'user',
      expect.stringMatching(/^part text "Tell the user/),
      'assistant',
      'busy',
      'step-start',
      ...STEP.text('It was found.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    const [user, call, more, answer] = await place.history(session);
    expect(user).toMatchObject({
      info: { agent: 'build', model: MODEL },
      parts: [{ type: 'subtask', prompt: 'Look at this', description: 'the sub', agent: 'explore', command: 'sub' }],
    });
    expect(call!.info).toMatchObject({ agent: 'explore', mode: 'explore', parentID: user!.info.id });
    expect(call!.parts[0].state.input).toEqual({
      prompt: 'Look at this',
      description: 'the sub',
      subagent_type: 'explore',
      command: 'sub',
    });
    expect(more).toMatchObject({ info: { role: 'user', agent: 'build' }, parts: [{ synthetic: true }] });
    expect(answer!.info).toMatchObject({ agent: 'build', parentID: more!.info.id });
    expect(body.info.id).toBe(answer!.info.id);
    const sent = world.model.requests.at(-1)!.body.messages.map(({ role }) => role);
    expect(sent).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
  });

  it.each([
    ['an unknown command', { command: 'nope' }, 400, /^Command not found: "nope"\. Available commands: init, review/],
    ['an unknown agent', { agent: 'nope' }, 400, /^Agent not found: "nope"\. Available agents: build/],
    ['an unknown model', { model: 'scripted/tst' }, 400, /^Model not found: scripted\/tst\. Did you mean: test\?/],
    ['a model without a provider', { model: 'test' }, 400, /^Model not found/],
    ['a bad message id', { messageID: 'x' }, 400, undefined],
    ['a missing argument', { arguments: undefined }, 400, undefined],
  ])('refuse %s', async (_, input, expected, message) => {
    const place = await world.place();
    const session = await place.session();
    const { status, body } = await run(place, session, 'init', '', input);
    expect(status).toBe(expected);
    if (message) expect(body.data.message).toMatch(message);
    if (message) expect(place.events.all('session.error')).toHaveLength(1);
    expect(await place.history(session)).toEqual([]);
    expect((await run(place, 'ses_unknown', 'init')).status).toBe(404);
  });

  it('init notes that the project has its AGENTS.md', async () => {
    const place = await world.place({ git: true });
    world.model.push(reply().text('Written.'));
    const session = await place.session({ title: 'commands' });
    const messageID = 'msg_0123456789abAAAAAAAAAAAAAA';
    const { status, body } = await place.post(`/session/${session}/init`, { ...MODEL, messageID });
    expect([status, body]).toEqual([200, true]);
    expect((await place.history(session))[0]).toMatchObject({ info: { id: messageID, model: MODEL } });
    expect((await place.get('/project/current')).body.time.initialized).toEqual(expect.any(Number));
    expect(place.events.all('command.executed')[0]!.properties['name']).toBe('init');
    expect((await place.post(`/session/${session}/init`, MODEL)).status).toBe(400);
  });
});
