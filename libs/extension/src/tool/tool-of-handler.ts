import { toJsonSchema, validateInput } from '#libs/contract';
import type { AgentToolOptions } from './agent-tool.decorator.js';
import type { AgentToolHandler } from './agent-tool.js';
import { InvalidToolInputError } from './invalid-tool-input.error.js';
import type { SourcedTool } from './tool-source.js';

/** A class marked `@AgentTool` in the common form: its arguments are validated before it runs. */
export function toolOfHandler({ id, description, input }: AgentToolOptions, handler: AgentToolHandler): SourcedTool {
  return {
    id,
    description,
    parameters: toJsonSchema(input),
    async execute(given, context) {
      const { value, issues } = validateInput(input, given);
      if (issues) throw new InvalidToolInputError(id, issues, handler.explainIssues?.(issues));
      return handler.execute(value, context);
    },
    describe: async (context) => (await handler.describe?.(context)) ?? description,
    isFor: (model) => handler.isFor?.(model) ?? true,
  };
}
