import { KeyedQueue } from './keyed-queue.js';

describe('KeyedQueue', () => {
  it('does the work of one key in order, and that of others meanwhile', async () => {
    const queue = new KeyedQueue();
    const done: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = queue.run('a', async () => {
      await gate.promise;
      done.push('first');
    });
    const second = queue.run('a', () => Promise.resolve(done.push('second')));
    await queue.run('b', () => Promise.resolve(done.push('other')));
    gate.resolve();
    await Promise.all([first, second]);
    expect(done).toEqual(['other', 'first', 'second']);
  });

  it('goes on after a failure, which only its caller hears of', async () => {
    const queue = new KeyedQueue();
    const failing = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
    const last = queue.run('a', () => Promise.reject(new Error('again')));
    await queue.settled('a');
    await expect(last).rejects.toThrow('again');
  });
});
