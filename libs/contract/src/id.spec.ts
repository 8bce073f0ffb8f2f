import { createId, idPrefix, idTime, isId, type IdKind } from './id.js';

const KINDS: IdKind[] = ['session', 'message', 'part', 'permission', 'question', 'tool', 'pty'];
const ASCENDING = KINDS.filter((kind) => kind !== 'session');

describe('ids', () => {
  it.each(KINDS)('of a %s: prefix, 12 hex digits, 14 characters', (kind) => {
    expect(createId(kind)).toMatch(new RegExp(`^${idPrefix(kind)}_[0-9a-f]{12}[0-9A-Za-z]{14}$`));
  });

  it('go up, over all kinds and past what one millisecond has room for', () => {
    const times = Array.from({ length: 20_000 }, (_, index) => createId(ASCENDING[index % ASCENDING.length] ?? 'part'));
    const bodies = times.map((id) => id.slice(id.indexOf('_') + 1, -14));
    expect(bodies).toEqual([...bodies].sort());
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  it('of sessions go down', () => {
    const ids = Array.from({ length: 1000 }, () => createId('session'));
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it.each(KINDS)('tell when a %s was made', (kind) => {
    const before = Date.now();
    const time = idTime(createId(kind)) ?? 0;
    // ids run ahead of the clock when very many are made at once
    expect(Math.abs(time - before)).toBeLessThan(60_000);
  });

  it('read the documented examples', () => {
    expect(new Date(idTime('msg_20350516d001sITNf7RZfbxkaL') ?? 0).toISOString()).toMatch(/^2026-11-22T/);
    expect(new Date(idTime('ses_dfcafaed8ffe1hl5SZ73ukhU95') ?? 0).toISOString()).toMatch(/^2026-11-22T/);
  });

  it.each([
    '',
    'msg',
    'msg_custom',
    'msg_20350516d001',
    '20350516d001sITNf7RZfbxkaL',
    'msg_zzzzzzzzzzzzsITNf7RZfbxkaL',
  ])('know no time for %j', (id) => {
    expect(idTime(id)).toBeUndefined();
  });

  it('are only told apart by their prefix', () => {
    expect(isId('message', 'msg_mine')).toBe(true);
    expect(isId('message', 'ses_1')).toBe(false);
  });
});
