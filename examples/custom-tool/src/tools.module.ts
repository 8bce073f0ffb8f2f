import { Module } from '@nestjs/common';
import {
  AgentTool,
  type AgentToolHandler,
  COMMAND_SOURCE_SPECIFICATION,
  CommandSource,
  type CommandSourceHandler,
  type Instance,
  NumberField,
  type SourcedCommand,
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

const RUNBOOKS = { restart: 'Drain, restart, check /health.', restore: 'Stop writers, restore, replay.' };

/** As many tools as there are runbooks, asked anew before each step of the model. */
@ToolSource()
export class Runbooks implements ToolSourceHandler {
  readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
  async tools(_instance: Instance): Promise<SourcedTool[]> {
    return Object.entries(RUNBOOKS).map(([name, steps]) => ({
      id: `runbook_${name}`,
      description: `The steps to ${name} the service.`,
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      execute: async () => ({ title: name, output: steps }),
    }));
  }
}

/** The same as slash commands for people: `/restart`. */
@CommandSource({ id: 'runbooks' })
class RunbookCommands implements CommandSourceHandler {
  readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;

  async commands(): Promise<SourcedCommand[]> {
    return Object.entries(RUNBOOKS).map(([name, steps]) => ({
      name,
      description: `Does the ${name} with you`,
      hints: ['$ARGUMENTS'],
      template: () => `Guide me through these steps for $ARGUMENTS: ${steps}`,
    }));
  }
}

@Module({ providers: [DiceTool, Runbooks, RunbookCommands] })
export class ToolsModule {}
