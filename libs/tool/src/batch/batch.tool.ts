import { ConfigService } from '#libs/config';
import type { Issue } from '#libs/contract';
import { AgentTool, type AgentToolHandler, type NestedCalls, type ToolContext, type ToolResult } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { type BatchCallInput, BatchInput } from './batch-input.dto.js';

const ID = 'batch';
/** Calls that are made; the rest fails. */
const LIMIT = 25;

const DESCRIPTION = `Makes several calls of other tools at once, and gives all their results.

- For calls that do not depend on each other: reading and searching in many places, several commands. 1 to ${LIMIT} calls, in no certain order; one that fails does not stop the others.
- Not for calls that need the result of another, such as changes of one file after each other.
- Every tool that you have can be called, except this one.`;

/** Makes several calls at once. */
@AgentTool({ id: ID, description: DESCRIPTION, input: BatchInput })
export class BatchTool implements AgentToolHandler<BatchInput> {
  constructor(private readonly config: ConfigService) {}

  async isAvailable(instance: Instance): Promise<boolean> {
    return (await this.config.get(instance)).experimental?.batch_tool === true;
  }

  explainIssues(issues: readonly Issue[]): string {
    return invalid(issues.map(({ path, message }) => `${path.join('.') || 'root'}: ${message}`));
  }

  async execute({ tool_calls: wanted }: BatchInput, { calls }: ToolContext): Promise<ToolResult> {
    if (wanted.length === 0) throw new Error(invalid(['tool_calls: Provide at least one tool call']));
    if (!calls) throw new Error('No other tools can be called here.');
    // each call tells of its own failure
    const results = await Promise.all(wanted.map((call, index) => make(calls, call, index).catch(() => undefined)));
    const done = results.filter((result) => result !== undefined);
    const [total, successful] = [wanted.length, done.length];
    const attachments = done.flatMap((result) => result.attachments ?? []);
    const handOver = done.find((result) => result.handOver)?.handOver;
    return {
      title: `Batch execution (${successful}/${total} successful)`,
      output:
        successful === total
          ? `All ${total} tools executed successfully.\n\nGo on like this: put calls that do not depend on each other into one batch.`
          : `Executed ${successful}/${total} tools successfully. ${total - successful} failed.`,
      metadata: {
        ...{ totalCalls: total, successful, failed: total - successful },
        tools: wanted.map(({ tool }) => tool),
        details: wanted.map(({ tool }, index) => ({ tool, success: results[index] !== undefined })),
      },
      ...(attachments.length > 0 && { attachments }),
      ...(handOver && { handOver }),
    };
  }
}

async function make(
  calls: NestedCalls,
  { tool, parameters }: BatchCallInput,
  index: number,
): Promise<ToolResult | undefined> {
  const problem = problemOf(calls, tool, index);
  if (problem === undefined) return calls.run(tool, parameters);
  calls.refuse(tool, parameters, problem);
  return undefined;
}

function problemOf({ tools }: NestedCalls, tool: string, index: number): string | undefined {
  if (index >= LIMIT) return `Maximum of ${LIMIT} tools allowed in batch`;
  if (tool === ID) return `Tool '${ID}' is not allowed in batch. Disallowed tools: ${ID}`;
  if (tools.includes(tool)) return undefined;
  return `Tool '${tool}' not in registry. Available tools: ${tools.filter((each) => each !== ID).join(', ')}`;
}

function invalid(problems: readonly string[]): string {
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  return `Invalid parameters for tool '${ID}':\n${list}\n\nExpected payload format:\n  [{"tool": "tool_name", "parameters": {...}}, {...}]`;
}
