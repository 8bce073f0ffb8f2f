import type { SourcedTool, ToolContext, ToolDescriptionContext, ToolModel, ToolResult } from '#libs/extension';
import { cutText, limitOutput } from './output/limit-output.js';
import type { ToolOutputStore } from './output/tool-output.store.js';

/** Characters of an error that is one line. */
const LONG_LINE = 2_000;
const ADVICE = 'Use grep to search the full output, or read with offset and limit to see parts of it.';
/** For agents that have subagents: their own context stays free. */
const ADVICE_TO_DELEGATE =
  'Use the task tool to have another agent search the full output with grep and read, and report what matters; do not read all of it yourself.';

/** A tool as the agent sees it, wherever it comes from: its output is kept within the limits. */
export class RegisteredTool {
  constructor(
    private readonly tool: SourcedTool,
    private readonly outputs: ToolOutputStore,
  ) {}

  get id(): string {
    return this.tool.id;
  }

  /** For the model. */
  get description(): string {
    return this.tool.description;
  }

  /** JSON Schema of the arguments. */
  get parameters(): Readonly<Record<string, unknown>> {
    return this.tool.parameters;
  }

  /** Whether a model is told of it. */
  isFor(model: ToolModel): boolean {
    return this.tool.isFor?.(model) ?? true;
  }

  /** The description for one agent in one project. */
  async describe(context: ToolDescriptionContext): Promise<string> {
    return (await this.tool.describe?.(context)) ?? this.description;
  }

  /**
   * Runs one call. What it throws is meant for the model, the errors of permissions excepted.
   * @param input the arguments as the model gave them
   */
  async execute(input: unknown, context: ToolContext): Promise<ToolResult> {
    const result = await this.run(input as Record<string, unknown>, context);
    if (typeof result?.output !== 'string')
      throw new Error(`The ${this.id} tool gave no result: execute() must resolve to { title, output }.`);
    return this.limited(result, context);
  }

  private async run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult | undefined> {
    try {
      return await this.tool.execute(input, context);
    } catch (error) {
      // what failed may say as much as what did not
      if (error instanceof Error && limitOutput(error.message)) await this.shorten(error);
      throw error;
    }
  }

  private async shorten(error: Error): Promise<void> {
    const outputPath = await this.outputs.save(error.message);
    // a line may be longer than all that is kept
    const kept = limitOutput(error.message)?.kept || cutText(error.message, LONG_LINE, '');
    error.message = `${kept}\n\n...truncated...\n\nThe tool call failed. Full error saved to: ${outputPath}\n${ADVICE}`;
  }

  private async limited(result: ToolResult, { calls }: ToolContext): Promise<ToolResult> {
    if (result.metadata?.['truncated'] !== undefined) return result;
    const cut = limitOutput(result.output);
    if (!cut) return { ...result, metadata: { ...result.metadata, truncated: false } };
    const outputPath = await this.outputs.save(result.output);
    const note = `The tool call succeeded but the output was truncated. Full output saved to: ${outputPath}\n${calls?.tools.includes('task') ? ADVICE_TO_DELEGATE : ADVICE}`;
    return {
      ...result,
      output: `${cut.kept}\n\n...${cut.removed} ${cut.unit} truncated...\n\n${note}`,
      metadata: { ...result.metadata, truncated: true, outputPath },
    };
  }
}
