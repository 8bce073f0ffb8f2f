import { carries } from './marker.js';

const REJECTED = Symbol.for('opencode-nest.QuestionRejectedError');

/** The user wants no question, or nobody is left to answer it: the run ends after this step. */
export class QuestionRejectedError extends Error {
  override readonly name = 'QuestionRejectedError';
  readonly [REJECTED] = true;

  constructor(message = 'The user dismissed this question') {
    super(message);
  }

  /** @param time how long the question waited, in words */
  static unanswered(time: string): QuestionRejectedError {
    // the words by which clients know a dismissed question stay in
    return new QuestionRejectedError(
      `Nobody answered within ${time}, which counts as if the user dismissed this question`,
    );
  }

  static is(error: unknown): error is QuestionRejectedError {
    return carries(error, REJECTED);
  }
}
