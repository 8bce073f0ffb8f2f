import type { Type } from '@nestjs/common';
import { toJsonSchema, validateInput } from '#libs/contract';
import type {
  AgentToolHandler,
  AgentToolOptions,
  ToolContext,
  ToolDescriptionContext,
  ToolResult,
} from '#libs/extension';
import { limitOutput } from './output/limit-output.js';
import type { ToolOutputStore } from './output/tool-output.store.js';
import { InvalidToolInputError } from './tool.error.js';

const ADVICE = 'Use grep to search the full output, or read with offset and limit to see parts of it.';

/** A tool as the agent sees it: its arguments are validated, its output is kept within the limits. @publicApi */
export class RegisteredTool {
  readonly id: string;
  /** For the model. */
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  private readonly input: Type<object>;

  constructor(
    options: AgentToolOptions,
    private readonly handler: AgentToolHandler,
    private readonly outputs: ToolOutputStore,
  ) {
    this.id = options.id;
    this.description = options.description;
    this.input = options.input;
    this.parameters = toJsonSchema(options.input);
  }

  /** The description for one agent in one project. */
  async describe(context: ToolDescriptionContext): Promise<string> {
    return (await this.handler.describe?.(context)) ?? this.description;
  }

  /**
   * Runs one call. What it throws is meant for the model, the errors of permissions excepted.
   * @param input the arguments as the model gave them
   */
  async execute(input: unknown, context: ToolContext): Promise<ToolResult> {
    const { value, issues } = validateInput(this.input, input);
    if (issues) throw new InvalidToolInputError(this.id, issues);
    const result = (await this.handler.execute(value, context)) as ToolResult | undefined;
    if (typeof result?.output !== 'string')
      throw new Error(`The ${this.id} tool gave no result: execute() must resolve to { title, output }.`);
    return this.limited(result);
  }

  private async limited(result: ToolResult): Promise<ToolResult> {
    if (result.metadata?.['truncated'] !== undefined) return result;
    const cut = limitOutput(result.output);
    if (!cut) return { ...result, metadata: { ...result.metadata, truncated: false } };
    const outputPath = await this.outputs.save(result.output);
    const note = `The tool call succeeded but the output was truncated. Full output saved to: ${outputPath}\n${ADVICE}`;
    return {
      ...result,
      output: `${cut.kept}\n\n...${cut.removed} ${cut.unit} truncated...\n\n${note}`,
      metadata: { ...result.metadata, truncated: true, outputPath },
    };
  }
}
