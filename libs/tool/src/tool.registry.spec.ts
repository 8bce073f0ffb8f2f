import { Injectable, Module, Scope, type Type } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { InlineSchema, NumberField, StringField } from '#libs/contract';
import { AgentTool, type AgentToolHandler, type ToolContext } from '#libs/extension';
import { ToolWorld } from './tool-world.fixture.js';

@InlineSchema()
class DiceInput {
  @NumberField({ optional: true, coerce: true, default: 6, description: 'How many sides' })
  sides?: number;

  @StringField({ optional: true })
  label?: string;
}

let given: unknown;
@AgentTool({ id: 'dice', description: 'Rolls a die.', input: DiceInput })
class DiceTool implements AgentToolHandler<DiceInput> {
  async execute(input: DiceInput, _context: ToolContext) {
    given = input;
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
    const { registry } = await boot(DiceTool);
    expect(registry.ids()).toEqual('invalid question bash read glob grep edit write todowrite dice'.split(' '));
    expect(registry.list().at(-1)).toEqual({
      id: 'dice',
      description: 'Rolls a die.',
      parameters: {
        type: 'object',
        properties: { sides: { type: 'number', description: 'How many sides', default: 6 }, label: { type: 'string' } },
        additionalProperties: false,
      },
    });
    expect(registry.get('nope')).toBeUndefined();
    for (const tool of registry.list()) {
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
