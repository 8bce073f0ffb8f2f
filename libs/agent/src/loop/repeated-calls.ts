import { isDeepStrictEqual } from 'node:util';
import type { ToolCall } from './tool-call.js';

/** Equal calls in a row that count as going round in circles. */
const LIMIT = 3;

/** Notices when a model makes the same call again and again, over the steps of a turn. */
export class RepeatedCalls {
  private last: Pick<ToolCall, 'tool' | 'input'> | undefined;
  private count = 0;

  /** Takes the next call of the turn; true when it is the third equal one in a row, and for each one after that. */
  note({ tool, input }: ToolCall): boolean {
    const same = this.last?.tool === tool && isDeepStrictEqual(this.last.input, input);
    this.count = same ? this.count + 1 : 1;
    this.last = { tool, input };
    return this.count >= LIMIT;
  }
}
