import { readFile } from 'node:fs/promises';
import { plain, reply } from '../../../src/testing.js';
import { everything } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

/** Writes down what each hook is told, and changes what it may change. */
const PROBE = `
import type { Plugin, Hooks } from '@opencode-ai/plugin';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

export const Probe: Plugin = async ({ directory, worktree, project, serverUrl, client, $ }) => {
  const note = (hook: string, ...args: unknown[]) =>
    appendFileSync(join(directory, 'probe.jsonl'), JSON.stringify({ hook, args }) + '\\n');
  note('setup', { directory, worktree, project, serverUrl, has: [typeof client.session.list, typeof $] });
  const hooks: Hooks = {
    async config(config) {
      config.username = 'probe';
      config.agent = { ...config.agent, helper: { mode: 'subagent', description: 'Helps', prompt: 'Be a helper.' } };
    },
    async event({ event }) { note('event', event.type); },
    async 'chat.message'(input, output) {
      note('chat.message', input, output.message.id);
      output.message.system = 'Speak like a pirate.';
      output.parts.push({ type: 'text', text: 'Added by the probe.', synthetic: true } as never);
    },
    async 'chat.params'(input, output) {
      note('chat.params', { agent: input.agent, model: input.model.id, provider: input.provider.info.id,
        message: input.message?.id, sessionID: input.sessionID }, output);
      output.temperature = 0.25;
      output.topP = 0.5;
      output.options.seedOfProbe = 7;
    },
    async 'chat.headers'(input, output) {
      note('chat.headers', Object.keys(input), Object.keys(output.headers));
      output.headers['X-Probe'] = 'yes';
    },
    async 'tool.definition'(input, output) {
      if (input.toolID !== 'bash') return;
      output.description = 'A shell, says the probe.';
      output.parameters = { ...output.parameters, title: 'probed' };
    },
    async 'tool.execute.before'(input, output) {
      note('tool.execute.before', input, output);
      if (String(output.args.command).includes('forbidden')) throw new Error('The probe forbids that.');
      if (input.tool === 'bash') output.args.command += '; echo $PROBE_VARIABLE';
    },
    async 'tool.execute.after'(input, output) {
      note('tool.execute.after', input, output);
      output.title = 'probed';
      output.output += 'seen by the probe';
      output.metadata.probe = true;
    },
    async 'command.execute.before'(input, output) {
      note('command.execute.before', input, output);
      output.parts.push({ type: 'text', text: 'From the command hook.' } as never);
    },
    async 'shell.env'(input, output) {
      note('shell.env', input);
      output.env.PROBE_VARIABLE = 'set-by-probe';
    },
    async 'permission.ask'(input, output) {
      note('permission.ask', input);
      output.status = String(input.patterns ?? '').includes('never') ? 'deny' : 'allow';
    },
    async 'experimental.chat.messages.transform'(_input, output) {
      for (const { parts } of output.messages)
        for (const part of parts) if (part.type === 'text') part.text = part.text.replace('secret', '[hidden]');
    },
    async 'experimental.chat.system.transform'(input, output) {
      note('system', input.sessionID, output.system.length);
      output.system.push('First addition.', 'Second addition.');
    },
    async 'experimental.text.complete'(input, output) {
      note('text.complete', Object.keys(input));
      output.text = output.text.replace('quiet please', 'LOUD');
    },
    async 'experimental.session.compacting'(input, output) {
      note('compacting', input, output);
      output.context.push('Mention the probe.');
    },
  };
  return hooks;
};
export default Probe;
export const version = '1.0.0';
`;

describe('hooks of a plugin file', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const placeOf = (config: Record<string, unknown> = {}, files: Record<string, string> = {}) => {
    const { model } = world;
    const permission = { bash: { '*': 'ask' } };
    const provider = { scripted: scripted(model.baseURL) };
    return world.place({
      files: { '.opencode/plugin/probe.ts': PROBE, ...files },
      config: { permission, provider, ...config },
    });
  };
  const scripted = (baseURL: string) => ({
    name: 'Scripted',
    npm: '@ai-sdk/openai-compatible',
    options: { baseURL, apiKey: 'scripted-key' },
    models: { test: { name: 'Test', tool_call: true, temperature: true, limit: { context: 200_000, output: 8_192 } } },
  });
  const notes = async (place: Place, hook: string): Promise<unknown[][]> => {
    const lines = (await readFile(place.project.path('probe.jsonl'), 'utf8')).trim().split('\n');
    return lines.map((line) => JSON.parse(line)).flatMap((each) => (each.hook === hook ? [each.args] : []));
  };
  const named = async (place: Place, title = 'Named') => place.session({ title });

  it('is set up once, whatever it exports, and changes the configuration', async () => {
    const place = await placeOf();
    const { body: config } = await place.get('/config');
    expect(config.username).toBe('probe');
    const { body: agents } = await place.get('/agent');
    expect(agents).toContainEqual(
      expect.objectContaining({ name: 'helper', mode: 'subagent', prompt: 'Be a helper.', options: {} }),
    );
    const { directory } = place;
    expect(await notes(place, 'setup')).toEqual([
      [
        {
          directory,
          worktree: '/',
          project: expect.objectContaining({ id: 'global' }),
          serverUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
          has: ['function', 'function'],
        },
      ],
    ]);
  });

  it('changes prompts, calls of the model, and the text that is stored', async () => {
    const place = await placeOf();
    world.model.push(reply().text('the answer'));
    const session = await named(place);
    const { body } = await place.prompt(session, 'my secret');

    const [user, answer] = await place.history(session);
    expect(user!.info.system).toBe('Speak like a pirate.');
    expect(user!.parts.map(({ text }) => text)).toEqual(['my secret', 'Added by the probe.']);
    expect(answer!.parts.find(({ type }) => type === 'text')!.text).toBe('the answer');
    expect(body).toEqual(answer);

    const { body: sent, headers } = world.model.requests.at(-1)!;
    expect(sent).toMatchObject({ temperature: 0.25, top_p: 0.5, seedOfProbe: 7 });
    expect(headers['x-probe']).toBe('yes');
    const system = sent.messages.filter(({ role }) => role === 'system').map(({ content }) => plain(content));
    expect(system).toEqual([expect.stringContaining('Speak like a pirate.'), 'First addition.\nSecond addition.']);
    expect(JSON.stringify(sent.messages)).toContain('my [hidden]');

    const { id } = user!.info;
    expect(await notes(place, 'chat.message')).toEqual([[{ sessionID: session }, id]]);
    expect(await notes(place, 'chat.params')).toEqual([
      [
        { agent: 'build', model: 'test', provider: 'scripted', message: id, sessionID: session },
        expect.objectContaining({ options: expect.any(Object) }),
      ],
    ]);
    expect(await notes(place, 'text.complete')).toEqual([[['sessionID', 'messageID', 'partID']]]);
    // plugins hear of events after everybody else
    const events = async () => (await notes(place, 'event')).flat();
    await until(async () => (await events()).includes('session.idle'), 'the end is noted');
    expect(await events()).toEqual(expect.arrayContaining(['session.created', 'message.part.delta']));
  });

  it('is asked about titles too', async () => {
    const place = await placeOf();
    world.model.push(reply().text('An answer'));
    const session = await place.session();
    await place.prompt(session, 'Hello');
    await place.events.next(
      ({ type, properties }) => type === 'session.updated' && !/^New/.test(properties['info'].title),
    );
    expect((await notes(place, 'chat.params')).map(([input]) => (input as { agent: string }).agent).sort()).toEqual([
      'build',
      'title',
    ]);
    for (const hook of ['chat.headers', 'system']) expect(await notes(place, hook)).toHaveLength(2);
  });

  it('stands around tools of MCP servers, subagents and terminals as well', async () => {
    const place = await placeOf({ mcp: { all: { type: 'local', command: everything('stdio') } } });
    const session = await named(place);
    world.model.push(
      reply()
        .tool('all_echo', { message: 'hi' }, 'call_1')
        .tool('task', { description: 'd', prompt: 'p', subagent_type: 'helper' }, 'call_2'),
      reply().text('Helped.'),
      reply().text('ok'),
    );
    await place.prompt(session, 'go');
    const [, call] = await place.history(session);
    const states = call!.parts.filter(({ type }) => type === 'tool').map(({ state }) => state);
    for (const state of states) {
      expect(state).toMatchObject({ status: 'completed', title: 'probed', metadata: { probe: true } });
      expect(state.output).toMatch(/seen by the probe$/);
    }
    const before = (await notes(place, 'tool.execute.before')).map(([input]) => (input as { tool: string }).tool);
    expect(before.sort()).toEqual(['all_echo', 'task']);
    const args = ['-c', 'echo $PROBE_VARIABLE > told.txt'];
    await place.post('/pty', { command: '/bin/sh', args });
    const told = () => place.project.read('told.txt').catch(() => '');
    await until(async () => (await told()) !== '', 'the terminal has written');
    expect(await told()).toBe('set-by-probe\n');
    expect(await notes(place, 'shell.env')).toContainEqual([{ cwd: place.directory }]);
  });

  it('stands around tools: definition, arguments, result, permission, variables of shells', async () => {
    const place = await placeOf();
    world.model.push(reply().tool('bash', { command: 'echo hi', description: 'say hi' }, 'call_1'), reply().text('ok'));
    const session = await named(place);
    await place.prompt(session, 'go');

    const definition = world.model.requests.at(-2)!.body.tools?.find((tool) => tool.function.name === 'bash');
    expect(definition?.function).toMatchObject({
      description: 'A shell, says the probe.',
      parameters: { title: 'probed' },
    });
    const [, call] = await place.history(session);
    const part = call!.parts.find(({ type }) => type === 'tool');
    expect(part.state).toMatchObject({
      status: 'completed',
      title: 'probed',
      input: { command: 'echo hi; echo $PROBE_VARIABLE', description: 'say hi' },
      output: 'hi\nset-by-probe\nseen by the probe',
      metadata: { probe: true, exit: 0 },
    });
    const { id: messageID } = call!.info;
    expect(await notes(place, 'tool.execute.before')).toEqual([
      [{ tool: 'bash', sessionID: session, callID: 'call_1' }, { args: { command: 'echo hi', description: 'say hi' } }],
    ]);
    expect(await notes(place, 'tool.execute.after')).toEqual([
      [
        expect.objectContaining({ tool: 'bash', args: expect.objectContaining({ description: 'say hi' }) }),
        expect.objectContaining({ title: 'say hi', output: 'hi\nset-by-probe\n' }),
      ],
    ]);
    const [[asked]] = (await notes(place, 'permission.ask')) as [[Record<string, unknown>]];
    expect(asked).toMatchObject({ permission: 'bash', sessionID: session, tool: { messageID, callID: 'call_1' } });
    expect(await notes(place, 'shell.env')).toContainEqual([
      { cwd: place.directory, sessionID: session, callID: 'call_1' },
    ]);
    // GET /experimental/tool tells the same
    const { body: tools } = await place.get('/experimental/tool?provider=scripted&model=test');
    expect(tools).toContainEqual(expect.objectContaining({ id: 'bash', description: 'A shell, says the probe.' }));
  });

  it('blocks a call with its own words, and denies without a question', async () => {
    const place = await placeOf();
    world.model.push(
      reply()
        .tool('bash', { command: 'echo forbidden', description: 'd' })
        .tool('bash', { command: 'echo never', description: 'd' }),
      reply().text('ok'),
    );
    const session = await named(place);
    await place.prompt(session, 'go');
    const [, call] = await place.history(session);
    const errors = call!.parts.filter(({ type }) => type === 'tool').map(({ state }) => state.error);
    expect(errors).toEqual([
      'Error: The probe forbids that.',
      expect.stringContaining('prevents you from using this specific tool call'),
    ]);
    expect(place.events.all('permission.asked')).toEqual([]);
  });

  it('stands around commands, shell commands and summaries', async () => {
    const place = await placeOf({ command: { greet: { template: 'Say hello to $1' } } });
    const session = await named(place);
    world.model.push(reply().text('hello'));
    await place.post(`/session/${session}/command`, { command: 'greet', arguments: 'Ada' });
    const [user] = await place.history(session);
    expect(user!.parts.map(({ text }) => text)).toEqual([
      'Say hello to Ada',
      'From the command hook.',
      'Added by the probe.',
    ]);
    expect(await notes(place, 'command.execute.before')).toEqual([
      [
        { command: 'greet', sessionID: session, arguments: 'Ada' },
        { parts: [{ type: 'text', text: 'Say hello to Ada' }] },
      ],
    ]);

    const { body: shell } = await place.post(`/session/${session}/shell`, {
      agent: 'build',
      command: 'echo $PROBE_VARIABLE',
    });
    expect(shell.parts.find(({ type }: { type: string }) => type === 'tool').state.output).toBe('set-by-probe\n');

    world.model.push(reply().text('A summary.'));
    await place.post(`/session/${session}/summarize`, { providerID: 'scripted', modelID: 'test' });
    expect(await notes(place, 'compacting')).toEqual([[{ sessionID: session }, { context: [] }]]);
    expect(plain(world.model.requests.at(-1)!.body.messages.at(-1)!.content)).toMatch(/\n\nMention the probe\.$/);
  });
});
