import { timeBehind } from './message-time.js';

describe('timeBehind', () => {
  const previous = { id: 'msg_5', time: { created: 1_000 } };

  it('is the present time when that is late enough', () => {
    expect(timeBehind(undefined, 'msg_1', 500)).toBe(500);
    expect(timeBehind(previous, 'msg_1', 2_000)).toBe(2_000);
  });

  it('is never before the message that it follows', () => {
    expect(timeBehind(previous, 'msg_6', 500)).toBe(1_000);
    expect(timeBehind(previous, 'msg_4', 500)).toBe(1_001);
  });
});
