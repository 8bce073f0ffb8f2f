import { inTime } from './in-time.js';

const never = new Promise<never>(() => undefined);

describe('inTime', () => {
  it('gives what comes of the work', async () => {
    expect(await inTime(Promise.resolve(1), { milliseconds: 10_000 })).toBe(1);
    expect(await inTime(2, { signal: new AbortController().signal })).toBe(2);
    await expect(inTime(Promise.reject(new Error('broken')), { milliseconds: 10_000 })).rejects.toThrow('broken');
  });

  it('rejects when the time is up', async () => {
    await expect(inTime(never, { milliseconds: 5 })).rejects.toThrow('no answer within 5 ms');
  });

  it('rejects with the reason of a signal, also of one that was aborted before', async () => {
    const abort = new AbortController();
    const waiting = inTime(never, { milliseconds: 10_000, signal: abort.signal });
    abort.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await expect(inTime(never, { signal: abort.signal })).rejects.toThrow('given up');
  });

  it('leaves no rejection of the work unheard', async () => {
    await expect(
      inTime(Promise.reject(new Error('late')), { signal: AbortSignal.abort('over') }),
    ).rejects.toBeDefined();
  });
});
