import {
  STRUCTURED_OUTPUT_DESCRIPTION,
  STRUCTURED_OUTPUT_REMINDER,
  type StepOutcome,
  type StepRequest,
  type StepTools,
  type Verdict,
} from '#libs/agent';
import type { Model, StructuredOutputError, UserMessage } from '#libs/contract';
import type { ToolResult } from '#libs/extension';
import { adaptSchema } from '#libs/provider';
import { compileOutputSchema, type OutputCheck, toolSchema } from './output-schema.js';

/** The tool by which a model gives structured answers. */
const STRUCTURED_OUTPUT = 'StructuredOutput';

const DEFAULT_RETRIES = 2;

type Format = Extract<NonNullable<UserMessage['format']>, { type: 'json_schema' }>;

/** What a step means for the structured answer of its turn. */
export interface StructuredVerdict {
  verdict: Verdict;
  /** The answer, when it has come. */
  structured?: unknown;
  error?: StructuredOutputError;
}

/** The structured answer of one turn: offered as a tool, checked against the schema, asked for again. */
export class StructuredOutput {
  private answer: { value: unknown } | undefined;
  /** What was wrong with the answers of the present step. */
  private problem: string | undefined;
  private retries = 0;
  private remind = false;

  private constructor(
    private readonly format: Format,
    private readonly check: OutputCheck,
  ) {}

  /** Undefined when the prompt asks for text. */
  static async for({ format }: UserMessage): Promise<StructuredOutput | undefined> {
    if (format?.type !== 'json_schema') return undefined;
    return new StructuredOutput(format, await compileOutputSchema(format.schema));
  }

  /** The tools of a step with the tool for the answer. */
  withTool(tools: StepTools): StepTools {
    return {
      ...tools,
      offered: [...tools.offered, STRUCTURED_OUTPUT],
      execute: (call, signal) =>
        call.tool === STRUCTURED_OUTPUT ? this.take(call.input) : tools.execute(call, signal),
    };
  }

  /** The request of a step, in which some tool must be called. */
  shape(options: StepRequest['options'], model: Model): StepRequest['options'] {
    const tool = {
      type: 'function' as const,
      name: STRUCTURED_OUTPUT,
      description: STRUCTURED_OUTPUT_DESCRIPTION,
      inputSchema: adaptSchema(toolSchema(this.format.schema), model),
    };
    return {
      ...options,
      tools: [...(options.tools ?? []), tool],
      toolChoice: { type: 'required' },
      ...(this.remind && {
        prompt: [...options.prompt, { role: 'user', content: [{ type: 'text', text: STRUCTURED_OUTPUT_REMINDER }] }],
      }),
    };
  }

  /**
   * Judges a finished step. Undefined: the answer is still to come, and nothing went wrong.
   * @param last the turn may make no further step
   */
  judge(outcome: Extract<StepOutcome, { kind: 'finished' }>, last: boolean): StructuredVerdict | undefined {
    if (this.answer) return { verdict: 'end', structured: this.answer.value };
    if (outcome.final) return undefined;
    const problem = this.problem;
    this.problem = undefined;
    this.remind = outcome.reason !== 'tool-calls';
    if (!last && !this.remind && problem === undefined) return undefined;
    if (!last && this.retries < (this.format.retryCount ?? DEFAULT_RETRIES)) {
      this.retries++;
      return { verdict: 'go-on' };
    }
    return { verdict: 'end', error: this.failure(problem) };
  }

  /** Why there is no answer. */
  private failure(problem?: string): StructuredOutputError {
    const message = 'Model did not produce structured output';
    return {
      name: 'StructuredOutputError',
      data: { message: problem === undefined ? message : `${message}:\n${problem}`, retries: this.retries },
    };
  }

  private take(input: Record<string, unknown>): Promise<ToolResult> {
    const problem = this.check(input);
    if (problem !== undefined) {
      this.problem = problem;
      return Promise.reject(
        new Error(
          `The answer does not fit the schema:\n${problem}\nCall ${STRUCTURED_OUTPUT} again with the whole answer, corrected.`,
        ),
      );
    }
    // the first answer counts
    this.answer ??= { value: input };
    return Promise.resolve({
      title: 'Structured Output',
      output: 'The structured answer was accepted.',
      metadata: { valid: true },
    });
  }
}
