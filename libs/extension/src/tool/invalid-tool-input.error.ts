import type { Issue } from '#libs/contract';

/** A model called a tool with arguments that do not fit its schema; the text tells it what to mend. */
export class InvalidToolInputError extends Error {
  override readonly name = 'InvalidToolInputError';

  constructor(
    readonly tool: string,
    readonly issues: readonly Issue[],
    text?: string,
  ) {
    super(
      text ??
        `The ${tool} tool was called with invalid arguments: ${JSON.stringify(issues, null, 2)}.\n` +
          'Please rewrite the input so it satisfies the expected schema.',
    );
  }
}
