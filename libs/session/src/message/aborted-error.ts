import type { MessageAbortedError } from '#libs/contract';

/** The error of a message whose run was ended by a person. */
export function abortedError(): MessageAbortedError {
  return { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };
}
