import { renewing } from './renewing.js';

describe('renewing', () => {
  it('makes one value for all callers, and another when it is about to end', async () => {
    let made = 0;
    const end = Date.now() + 60_000;
    const value = renewing(
      () => Promise.resolve(++made),
      () => end,
      10_000,
    );
    expect(await Promise.all([value(), value()])).toEqual([1, 1]);
    expect(await value()).toBe(1);
    const soon = renewing(
      () => Promise.resolve(++made),
      () => end,
      120_000,
    );
    expect([await soon(), await soon()]).toEqual([2, 3]);
  });

  it('does not keep a failure', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('here')];
    answers[0]?.catch(() => undefined);
    const value = renewing(
      () => answers.shift()!,
      () => Infinity,
      0,
    );
    await expect(value()).rejects.toThrow('away');
    expect(await value()).toBe('here');
  });
});
