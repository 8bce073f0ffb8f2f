import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

const WEATHER = `
import { tool } from '@opencode-ai/plugin';

export default tool({
  description: 'Tells the weather.',
  args: {
    city: tool.schema.string().describe('Name of the city'),
    days: tool.schema.number().int().min(1).optional(),
    units: tool.schema.enum(['metric', 'imperial']),
  },
  async execute(args, context) {
    await context.ask({ permission: 'weather', patterns: [args.city], always: ['*'], metadata: {} });
    context.metadata({ title: 'Looking', metadata: { city: args.city } });
    const known = ['sessionID', 'messageID', 'callID', 'agent', 'abort', 'messages', 'directory', 'worktree'];
    return [args.city, args.days, context.messages.length, known.every((key) => key in context)].join(' ');
  },
});

export const history = {
  description: 'Fails.',
  args: {},
  execute: async () => { throw new TypeError('no history'); },
};
`;

const BASH = `export default {
  description: 'A shell in the place of the built-in one.',
  args: {},
  execute: async (args) => 'own bash ' + JSON.stringify(args),
};
export const long = { description: 'Long', args: {}, execute: async () => 'line\\n'.repeat(3000) };
export const wrong = { description: 'Gives nothing', args: {}, execute: async () => undefined };
export const helper = 'no tool';
`;

const PLUGIN = `export const Tools = async () => ({
  tool: {
    greet: { description: 'Greets.', args: {}, execute: async () => 'hello from a plugin' },
    weather: { description: 'From the plugin', args: {}, execute: async () => 'plugin weather' },
  },
});`;

describe('tools of files and plugins', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
    // where the helpers of tools come from
    const config = join(world.server.home, '.config/opencode');
    await mkdir(join(config, 'node_modules/@opencode-ai'), { recursive: true });
    await symlink(resolve('node_modules/@opencode-ai/plugin'), join(config, 'node_modules/@opencode-ai/plugin'));
    await mkdir(join(config, 'tool'));
    await writeFile(join(config, 'tool/weather.ts'), WEATHER);
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const place = (files: Record<string, string>) => world.place({ files });
  /** Calls tools in one step and gives the states of the calls. */
  const call = async (at: Awaited<ReturnType<typeof place>>, ...calls: [string, object][]) => {
    const step = reply();
    for (const [name, input] of calls) step.tool(name, input);
    world.model.push(step, reply().text('ok'));
    const session = await at.session({ title: 'Named' });
    await at.prompt(session, 'go');
    const [, answer] = await at.history(session);
    return answer!.parts.filter(({ type }) => type === 'tool').map(({ state }) => state);
  };
  const ids = async (at: Awaited<ReturnType<typeof place>>) =>
    (await at.get('/experimental/tool/ids')).body as string[];

  it('are named after their files, described by their own zod, and take the place of built-in ones', async () => {
    const at = await place({ '.opencode/tools/bash.js': BASH });

    const all = await ids(at);
    expect(all.slice(-4)).toEqual(['weather', 'weather_history', 'bash_long', 'bash_wrong']);
    expect(all.filter((id) => id === 'bash')).toHaveLength(1);
    const { body: tools } = await at.get('/experimental/tool?provider=scripted&model=test');
    const named = (id: string) => tools.find((tool: { id: string }) => tool.id === id);
    expect(named('weather')).toEqual({
      id: 'weather',
      description: 'Tells the weather.',
      parameters: {
        type: 'object',
        properties: {
          city: { type: 'string', description: 'Name of the city' },
          days: expect.objectContaining({ type: 'integer', minimum: 1 }),
          units: { type: 'string', enum: ['metric', 'imperial'] },
        },
        required: ['city', 'units'],
        additionalProperties: false,
      },
    });
    expect(named('bash').description).toBe('A shell in the place of the built-in one.');

    const states = await call(
      at,
      ['weather', { city: 'Oslo', days: 'many' }],
      ['weather_history', {}],
      ['bash', { command: 'ls' }],
      ['bash_long', {}],
      ['bash_wrong', {}],
    );
    expect(states).toEqual([
      expect.objectContaining({
        status: 'completed',
        // arguments are not checked
        output: 'Oslo many 1 true',
        title: '',
        metadata: { truncated: false },
      }),
      expect.objectContaining({ status: 'error', error: 'TypeError: no history' }),
      expect.objectContaining({ status: 'completed', output: 'own bash {"command":"ls"}' }),
      expect.objectContaining({ metadata: { truncated: true, outputPath: expect.any(String) } }),
      expect.objectContaining({ error: expect.stringContaining('execute() has to resolve to a string') }),
    ]);
  });

  it('a broken file is left out and told of; the others work', async () => {
    const at = await place({
      '.opencode/tool/broken.ts': 'export default { description: ',
      '.opencode/tool/empty.js': 'export const a = 1;',
      '.opencode/tool/thrower.js': 'throw new Error("at import");',
      '.opencode/tool/old.js': 'export default { description: "d", args: { a: {} }, execute: async () => "" };',
      '.opencode/tool/fine.js': 'export default { description: "Fine", args: {}, execute: async () => "fine" };',
      '.opencode/tool/types.d.ts': 'export declare const a: string;',
    });
    const all = await ids(at);
    expect(all).toContain('fine');
    expect(all.filter((id) => /broken|empty|thrower|old|types/.test(id))).toEqual([]);
    const told = at.events.all('session.error').map(({ properties }) => properties['error'].data.message as string);
    expect(told).toHaveLength(4);
    expect(told.find((text) => text.includes('thrower.js'))).toContain('at import');
    expect(told.find((text) => text.includes('empty.js'))).toContain('it exports no tool');
    expect(told.find((text) => text.includes('old.js'))).toContain('no schema of zod 4');
    expect((await call(at, ['fine', {}]))[0]).toMatchObject({ status: 'completed', output: 'fine' });
  });

  it('of plugins come behind those of files; a deny rule hides them', async () => {
    const at = await place({
      '.opencode/plugin/tools.js': PLUGIN,
      '.opencode/opencode.json': JSON.stringify({ permission: { greet: 'deny' } }),
    });
    const [state] = await call(at, ['weather', {}]);
    expect(state).toMatchObject({ status: 'completed', output: 'plugin weather' });
    expect(world.model.requests.at(-1)!.tools).not.toContain('greet');
    expect(await ids(at)).toContain('greet');
  });
});
