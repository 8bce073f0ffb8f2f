import { Module } from '@nestjs/common';
import {
  AgentTool,
  type AgentToolHandler,
  type Instance,
  NumberField,
  type SourcedTool,
  TOOL_SOURCE_SPECIFICATION,
  type ToolContext,
  ToolSource,
  type ToolSourceHandler,
} from 'opencode-nest';

class DiceInput {
  @NumberField({ int: true, min: 2, optional: true, description: 'How many sides; 6 if absent' })
  sides?: number;
}

@AgentTool({ id: 'dice', description: 'Rolls a die and tells the result.', input: DiceInput })
export class DiceTool implements AgentToolHandler<DiceInput> {
  async execute({ sides = 6 }: DiceInput, context: ToolContext) {
    // obeys "permission": { "dice": "ask" }
    await context.ask({ permission: 'dice', patterns: [String(sides)], always: ['*'], metadata: {} });
    return { title: `d${sides}`, output: String(1 + Math.floor(Math.random() * sides)) };
  }
}

/** As many tools as there are runbooks, asked anew before each step of the model. */
@ToolSource()
export class Runbooks implements ToolSourceHandler {
  readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
  private readonly runbooks = { restart: 'Drain, restart, check /health.', restore: 'Stop writers, restore, replay.' };

  async tools(_instance: Instance): Promise<SourcedTool[]> {
    return Object.entries(this.runbooks).map(([name, steps]) => ({
      id: `runbook_${name}`,
      description: `The steps to ${name} the service.`,
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      execute: async () => ({ title: name, output: steps }),
    }));
  }
}

@Module({ providers: [DiceTool, Runbooks] })
export class ToolsModule {}
