import { createCallID } from './call-id.js';

describe('createCallID', () => {
  it('makes ULIDs, in the order of their time', () => {
    expect(createCallID(1_469_918_176_385)).toMatch(/^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(createCallID(1) < createCallID(2)).toBe(true);
    expect(createCallID(1)).not.toBe(createCallID(1));
  });
});
