import type { PermissionRuleset } from '#libs/contract';
import { carries } from './marker.js';

const DENIED = Symbol.for('opencode-nest.PermissionDeniedError');
const REJECTED = Symbol.for('opencode-nest.PermissionRejectedError');
const CORRECTED = Symbol.for('opencode-nest.PermissionCorrectedError');

/** A rule forbids the call. The model reads the text and may go on. */
export class PermissionDeniedError extends Error {
  override readonly name = 'PermissionDeniedError';
  readonly [DENIED] = true;

  constructor(
    /** The rules that concern the permission. */
    readonly rules: PermissionRuleset,
  ) {
    super(
      'The user has specified a rule which prevents you from using this specific tool call. ' +
        `Here are some of the relevant rules ${JSON.stringify(rules)}`,
    );
  }

  static is(error: unknown): error is PermissionDeniedError {
    return carries(error, DENIED);
  }
}

/** The user said no, or nobody is left to ask: the run ends after this step. */
export class PermissionRejectedError extends Error {
  override readonly name = 'PermissionRejectedError';
  readonly [REJECTED] = true;

  constructor(message = 'The user rejected permission to use this specific tool call.') {
    super(message);
  }

  /** @param time how long the request waited, in words */
  static unanswered(time: string): PermissionRejectedError {
    // the words by which clients know a refused call stay in
    return new PermissionRejectedError(
      `Nobody answered within ${time}, which counts as rejected permission to use this specific tool call.`,
    );
  }

  static is(error: unknown): error is PermissionRejectedError {
    return carries(error, REJECTED);
  }
}

/** The user said no and what to do instead: the run goes on. */
export class PermissionCorrectedError extends Error {
  override readonly name = 'PermissionCorrectedError';
  readonly [CORRECTED] = true;

  constructor(readonly feedback: string) {
    super(`The user rejected permission to use this specific tool call with the following feedback: ${feedback}`);
  }

  static is(error: unknown): error is PermissionCorrectedError {
    return carries(error, CORRECTED);
  }
}
