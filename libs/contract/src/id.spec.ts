import { createId, createIdAfter, idBehind, idTime, isId, type IdKind } from './id.js';

const KINDS: IdKind[] = ['session', 'message', 'part', 'permission', 'question', 'tool', 'pty'];
const ASCENDING = KINDS.filter((kind) => kind !== 'session');

describe('ids', () => {
  it.each(KINDS)('of a %s: prefix, 12 hex digits, 14 characters', (kind) => {
    const id = createId(kind);
    expect([id, isId(kind, id)]).toEqual([expect.stringMatching(/^[a-z]{3,4}_[0-9a-f]{12}[0-9A-Za-z]{14}$/), true]);
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

/** A text of characters that ids are made of, the same for each seed. */
function randomText(seed: number, length: number): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 'AZaz09ghkT'.charAt((state >>> 8) % 10);
  }).join('');
}

describe('an id behind another', () => {
  const hostile = [
    '',
    'msg',
    'msg_mine',
    'msg_zzzzzzzzzzzzzzzzzzzzzzzzzz',
    'msg_ffffffffffff00000000000000',
    'msg_é–𝄞',
    'msg_-.~',
  ];
  const random = Array.from({ length: 100 }, (_, seed) => `msg_${randomText(seed, seed % 40)}`);

  it.each([...hostile, ...random])('stands right behind %j, as do those behind it', (first) => {
    const ids = [first];
    for (let count = 0; count < 200; count++) ids.push(idBehind(ids.at(-1)!));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
    // they stay as short as they can be
    expect(ids.at(-1)!.length).toBeLessThanOrEqual(first.length + 2 * 14);
    // what is far enough behind the first is behind all of them
    expect(ids.every((id) => id < `${first}~` || id.length === first.length)).toBe(true);
  });

  it('comes before every id that is made later', () => {
    for (let count = 0; count < 1_000; count++) {
      const first = createId('message');
      const later = createId('message');
      let last = first;
      for (let step = 0; step < 20; step++) last = idBehind(last);
      expect([first < last, last < later]).toEqual([true, true]);
    }
  });

  it('has the form of others', () => {
    expect(idBehind('msg_20350516d001sITNf7RZfbxkaL')).toMatch(/^msg_20350516d001sITN[0-9A-Za-z]{10}$/);
    expect(idTime(idBehind('msg_20350516d001sITNf7RZfbxkaL'))).toBe(idTime('msg_20350516d001sITNf7RZfbxkaL'));
  });

  it.each([...hostile, ...random])('leaves room for those right behind %j when it comes after it', (first) => {
    const after = createIdAfter('message', first);
    let last = first;
    for (let count = 0; count < 1_000; count++) last = idBehind(last);
    expect(last < after).toBe(true);
    expect(createIdAfter('message', after) > after).toBe(true);
  });

  it('is the present time when it comes after one of the past', () => {
    for (const earlier of [createId('message'), '']) {
      const [before, fresh, later] = [createId('message'), createIdAfter('message', earlier), createId('message')];
      expect([before < fresh, fresh < later]).toEqual([true, true]);
    }
  });

  it('is another one each time', () => {
    const id = createId('message');
    expect(new Set(Array.from({ length: 1_000 }, () => idBehind(id))).size).toBe(1_000);
  });
});
