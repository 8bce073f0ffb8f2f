import { setTimeout as delay } from 'node:timers/promises';
import { LiveOutput } from './live-output.js';

describe('LiveOutput', () => {
  it('reports the first piece at once, then what came together', async () => {
    const reports: string[] = [];
    const live = new LiveOutput((shown) => reports.push(shown));
    for (const piece of ['a', 'b', 'c']) live.add(piece);
    expect(reports).toEqual(['a']);
    await delay(100);
    live.add('d');
    live.end();
    expect([reports, live.text]).toEqual([['a', 'abc', 'abcd'], 'abcd']);
  });

  it('keeps all of it, and reports no more when what is shown cannot change', async () => {
    const reports: string[] = [];
    const live = new LiveOutput((shown) => reports.push(shown));
    live.add('a'.repeat(30_000));
    live.add('b');
    await delay(100);
    live.add('c');
    await delay(100);
    live.end();
    expect(reports.map((shown) => shown.slice(29_998))).toEqual(['aa', 'aa\n\n...']);
    expect([live.text.length, live.overflowed]).toEqual([30_002, false]);
  });
});
