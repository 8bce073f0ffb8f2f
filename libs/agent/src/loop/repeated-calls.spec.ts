import { RepeatedCalls } from './repeated-calls.js';

describe('RepeatedCalls', () => {
  it('notices the third equal call in a row, and each one after it', () => {
    const calls = new RepeatedCalls();
    const note = (tool: string, value: number) => calls.note({ callID: 'c', tool, input: { value } });
    expect([note('a', 1), note('a', 1), note('b', 1), note('a', 1), note('a', 1), note('a', 1), note('a', 1)]).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect([note('a', 2), note('a', 1)]).toEqual([false, false]);
  });
});
