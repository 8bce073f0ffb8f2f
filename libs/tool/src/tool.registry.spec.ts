import { Injectable, Module, Scope, type Type } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { InlineSchema, NumberField, StringField } from '#libs/contract';
import {
  AgentTool,
  type AgentToolHandler,
  type SourcedTool,
  TOOL_SOURCE_ORDER,
  TOOL_SOURCE_SPECIFICATION,
  type ToolContext,
  type ToolModel,
  ToolSource,
  type ToolSourceHandler,
} from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ToolWorld } from './tool-world.fixture.js';

@InlineSchema()
class DiceInput {
  @NumberField({ optional: true, coerce: true, default: 6, description: 'How many sides' })
  sides?: number;

  @StringField({ optional: true })
  label?: string;

  @StringField({ optional: true })
  failure?: string;
}

/** As clients list them; `task` is provided elsewhere. */
const BUILT_IN =
  'invalid question bash read glob grep edit write webfetch todowrite websearch codesearch skill apply_patch'.split(
    ' ',
  );

let given: unknown;
@AgentTool({ id: 'dice', description: 'Rolls a die.', input: DiceInput })
class DiceTool implements AgentToolHandler<DiceInput> {
  async execute(input: DiceInput, _context: ToolContext) {
    given = input;
    if (input.failure !== undefined) throw new TypeError(input.failure);
    return { title: 'Dice', output: input.label ?? '4', metadata: { sides: input.sides } };
  }
}

const moduleOf = (...providers: Type[]): Type => {
  @Module({ providers })
  class Guest {}
  return Guest;
};

describe('ToolRegistry', () => {
  let world: ToolWorld | undefined;
  afterEach(() => world?.close());
  const boot = async (...providers: Type[]) => {
    world = undefined;
    world = await ToolWorld.create({ imports: [moduleOf(...providers)] });
    return world;
  };

  it('lists the built-in tools in their order, then those of other modules', async () => {
    const { registry, instance } = await boot(DiceTool);
    expect(await registry.ids(instance)).toEqual([...BUILT_IN, 'dice']);
    const tools = await registry.list(instance);
    const { id, description, parameters } = tools.at(-1)!;
    expect({ id, description, parameters }).toEqual({
      id: 'dice',
      description: 'Rolls a die.',
      parameters: {
        type: 'object',
        properties: {
          sides: { type: 'number', description: 'How many sides', default: 6 },
          label: { type: 'string' },
          failure: { type: 'string' },
        },
        additionalProperties: false,
      },
    });
    expect(await registry.find(instance, 'nope')).toBeUndefined();
    for (const tool of tools) {
      expect(tool.parameters).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.description).not.toBe('');
      expect(JSON.stringify(tool.parameters)).not.toContain('$ref');
    }
  });

  it('validates arguments, fills in defaults, converts and drops unknown keys', async () => {
    const { run } = bind(await boot(DiceTool));
    expect(await run('dice', {})).toEqual({ title: 'Dice', output: '4', metadata: { sides: 6, truncated: false } });
    await run('dice', { sides: '8', other: 1 });
    expect({ ...(given as object) }).toEqual({ sides: 8 });
    expect(given).toBeInstanceOf(DiceInput);
  });

  it.each([
    [{ filePath: 1 }, 'expected string, received number', ['filePath']],
    [{}, 'expected string, received undefined', ['filePath']],
    [[1], 'expected object, received array', []],
    ['text', 'expected object, received string', []],
    [null, 'expected object, received null', []],
    [undefined, 'expected object, received undefined', []],
  ])('names what is wrong with %j', async (input, message, path) => {
    const { fail } = bind(await boot());
    const text = await fail('read', input);
    const [, issues] =
      /^The read tool was called with invalid arguments: (.*)\.\nPlease rewrite the input so it satisfies the expected schema\.$/s.exec(
        text,
      ) ?? [];
    expect(issues).toBe(JSON.stringify(JSON.parse(issues ?? ''), null, 2));
    expect(JSON.parse(issues ?? '')).toEqual([
      {
        expected: path.length > 0 ? 'string' : 'object',
        code: 'invalid_type',
        path,
        message: `Invalid input: ${message}`,
      },
    ]);
  });

  it('saves what is too long', async () => {
    const { run } = bind(await boot(DiceTool));
    const { output, metadata } = await run('dice', { label: 'x\n'.repeat(3000) });
    expect(metadata).toEqual({ sides: 6, truncated: true, outputPath: expect.any(String) });
    const outputPath = String(metadata?.['outputPath']);
    expect(output).toMatch(/^(x\n){2000}\n\.\.\.1001 lines truncated\.\.\.\n\nThe tool call succeeded/);
    expect(output).toContain(`Full output saved to: ${outputPath}\n`);
    expect(await readFile(outputPath, 'utf8')).toBe('x\n'.repeat(3000));
    expect(output).toMatch(/\nUse grep to search the full output[^\n]*$/);
    // an agent that has subagents is told to use one
    const calls = { tools: ['task'], run: () => Promise.reject(new Error('not here')), refuse: () => undefined };
    expect((await run('dice', { label: 'x\n'.repeat(3000) }, { calls })).output).toMatch(/\nUse the task tool[^\n]*$/);
  });

  it.each([
    ['many lines', 'x\n'.repeat(3000), /^(x\n){2000}\n/],
    ['one line', 'y'.repeat(100_000), /^y{2000}\n\n/],
  ])('saves an error that is too long: %s', async (_, failure, kept) => {
    const { fail } = bind(await boot(DiceTool));
    const text = await fail('dice', { failure });
    expect(text).toMatch(kept);
    const [, path] = /\n\n\.\.\.truncated\.\.\.\n\nThe tool call failed\. Full error saved to: (.*)\n/.exec(text)!;
    expect(await readFile(path!, 'utf8')).toBe(failure);
  });

  it('answers for calls that name no tool', async () => {
    const { run } = bind(await boot());
    expect(await run('invalid', { tool: 'x', error: 'no such tool' })).toEqual({
      title: 'Invalid Tool',
      output: 'The arguments provided to the tool are invalid: no such tool',
      metadata: { truncated: false },
    });
  });

  it('refuses two tools of one id, naming both', async () => {
    @AgentTool({ id: 'read', description: 'd', input: DiceInput })
    class OtherRead extends DiceTool {}
    await expect(boot(OtherRead)).rejects.toThrow(
      /Two tools have the id "read": (ReadTool of ToolModule and OtherRead of Guest|OtherRead of Guest and ReadTool of ToolModule)\. Give one of them another id/,
    );
  });

  it('refuses a class that cannot run, and says what to write', async () => {
    @AgentTool({ id: 'lazy', description: 'd', input: DiceInput })
    class LazyTool {}
    await expect(boot(LazyTool)).rejects.toThrow(
      /LazyTool of Guest .*has no execute method\. Implement AgentToolHandler/,
    );

    @AgentTool({ id: 'no spaces', description: 'd', input: DiceInput })
    class SpacedTool extends DiceTool {}
    await expect(boot(SpacedTool)).rejects.toThrow(/"no spaces" of SpacedTool of Guest is not valid/);

    @Injectable({ scope: Scope.TRANSIENT })
    @AgentTool({ id: 'scoped', description: 'd', input: DiceInput })
    class ScopedTool extends DiceTool {}
    await expect(boot(ScopedTool)).rejects.toThrow(/ScopedTool of Guest .*tools are singletons/);
  });

  it('tells the tools of sources as they are now, and lets a later tool take the place of an earlier one', async () => {
    const tool = (id: string, text: string): SourcedTool => ({
      id,
      description: text,
      parameters: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      execute: async (input) => ({ title: '', output: `${text} ${JSON.stringify(input)}` }),
    });
    let now = [tool('search', 'first')];
    @ToolSource({ order: TOOL_SOURCE_ORDER.mcp })
    class Late implements ToolSourceHandler {
      readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
      tools = async () => now;
    }
    @ToolSource({ order: TOOL_SOURCE_ORDER.files })
    class Early implements ToolSourceHandler {
      readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
      tools = async (instance: Instance) => [tool('search', 'early'), tool('bash', instance.directory)];
    }
    const { registry, instance } = await boot(Late, Early, DiceTool);
    const { run } = bind(world!);
    expect(await registry.ids(instance)).toEqual([...BUILT_IN, 'dice', 'search']);
    // the arguments are the business of the source
    expect(await run('search', { n: 'x' })).toEqual({
      title: '',
      output: 'first {"n":"x"}',
      metadata: { truncated: false },
    });
    expect((await run('bash', {})).output).toBe(`${instance.directory} {}`);
    expect(registry.own('bash')?.description).not.toBe(instance.directory);
    now = [tool('search', 'second'), tool('no spaces', 'never')];
    expect((await run('search', {})).output).toBe('second {}');
    now = [];
    expect((await run('search', {})).output).toBe('early {}');
  });

  it('tells a model of one way to change files', async () => {
    const ids = async (modelID: string) =>
      (await world!.registry.list(world!.instance, { providerID: 'p', modelID })).map(({ id }) => id);
    @AgentTool({ id: 'acme_only', description: 'd', input: DiceInput })
    class AcmeTool extends DiceTool {
      isFor = ({ providerID }: ToolModel) => providerID === 'acme';
    }
    @AgentTool({ id: 'absent', description: 'd', input: DiceInput })
    class AbsentTool extends DiceTool {
      isAvailable = async (instance: Instance) => instance.directory === '/elsewhere';
    }
    await boot(AcmeTool, AbsentTool);
    for (const patching of ['gpt-5', 'gpt-5.1-codex'])
      expect((await ids(patching)).filter((id) => /edit|write$|patch/.test(id))).toEqual(['todowrite', 'apply_patch']);
    for (const editing of ['gpt-4o', 'gpt-4.1', 'gpt-oss-120b', 'claude-sonnet-4'])
      expect((await ids(editing)).filter((id) => /edit|^write|patch/.test(id))).toEqual(['edit', 'write']);
    expect(await world!.registry.ids(world!.instance)).toEqual(expect.arrayContaining(['edit', 'apply_patch']));
    expect(await ids('x')).not.toContain('acme_only');
    expect(await world!.registry.ids(world!.instance)).toContain('acme_only');
    expect(await world!.registry.ids(world!.instance)).not.toContain('absent');
  });

  it('refuses a source of another version, and says what to write', async () => {
    @ToolSource()
    class OldSource {
      readonly specificationVersion = 'tool-source-v0';
      tools = async () => [];
    }
    await expect(boot(OldSource)).rejects.toThrow(/OldSource of Guest .* does not implement tool-source-v1/);
  });

  it('explains a tool that gives nothing', async () => {
    @AgentTool({ id: 'mute', description: 'd', input: DiceInput })
    class MuteTool {
      async execute() {
        return undefined;
      }
    }
    const { fail } = bind(await boot(MuteTool));
    expect(await fail('mute', {})).toContain('execute() must resolve to { title, output }');
  });
});

const bind = (world: ToolWorld) => ({ run: world.run.bind(world), fail: world.fail.bind(world) });
