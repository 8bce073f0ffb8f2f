import { AgentTool, type AgentToolHandler, type ToolResult } from '#libs/extension';
import { InvalidInput } from './invalid-input.dto.js';

/** Stands in for a call that names no tool or has unreadable arguments: tells the model so. */
@AgentTool({ id: 'invalid', description: 'Reports a call that could not be made. Do not use.', input: InvalidInput })
export class InvalidTool implements AgentToolHandler<InvalidInput> {
  execute({ error }: InvalidInput): Promise<ToolResult> {
    const output = `The arguments provided to the tool are invalid: ${error}`;
    return Promise.resolve({ title: 'Invalid Tool', output });
  }
}
