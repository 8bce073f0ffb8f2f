import { KEPT, OutputLog } from './output-log.js';

describe('OutputLog', () => {
  it('gives what came after a position', () => {
    const log = new OutputLog();
    for (const text of ['one ', 'two ', 'three']) log.add(text);
    expect(log.cursor).toBe(13);
    expect(log.from(0)).toEqual(['one two three']);
    expect(log.from(5)).toEqual(['wo three']);
    for (const position of [13, 99, Infinity]) expect(log.from(position)).toEqual([]);
  });

  it('forgets the oldest, exactly', () => {
    const log = new OutputLog(10);
    for (let i = 0; i < 1000; i++) log.add(String(i % 10));
    expect([log.cursor, log.from(0)]).toEqual([1000, ['0123456789']]);
    log.add('x'.repeat(5000));
    expect([log.cursor, log.from(0)]).toEqual([6000, ['x'.repeat(10)]]);
    expect(log.from(5995)).toEqual(['xxxxx']);
  });

  it('keeps two million units by default, in pieces', () => {
    const log = new OutputLog();
    for (let i = 0; i < 50; i++) log.add('x'.repeat(60_000));
    const pieces = log.from(0);
    expect(pieces.every(({ length }) => length <= 65_536)).toBe(true);
    expect(pieces.join('').length).toBe(KEPT);
  });

  it('breaks no character', () => {
    const log = new OutputLog(200_001);
    log.add('a' + '😀'.repeat(150_000));
    const pieces = log.from(0);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
    expect(pieces.join('')).toBe('😀'.repeat(100_000));
  });
});
