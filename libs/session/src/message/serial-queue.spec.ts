import { SerialQueue } from './serial-queue.js';

describe('SerialQueue', () => {
  it('does synchronous work at once while nothing waits', () => {
    const done: number[] = [];
    const queue = new SerialQueue(() => undefined);
    queue.add(() => void done.push(1));
    expect(done).toEqual([1]);
  });

  it('keeps the order behind work that takes time', async () => {
    const done: number[] = [];
    const gate = Promise.withResolvers<void>();
    const queue = new SerialQueue(() => undefined);
    queue.add(async () => {
      await gate.promise;
      done.push(1);
    });
    queue.add(() => void done.push(2));
    queue.add(() => Promise.resolve().then(() => void done.push(3)));
    queue.add(() => void done.push(4));
    expect(done).toEqual([]);
    gate.resolve();
    await queue.settled();
    expect(done).toEqual([1, 2, 3, 4]);
    queue.add(() => void done.push(5));
    expect(done).toHaveLength(5);
  });

  it('drops what follows a failure and says so once', async () => {
    const failures: unknown[] = [];
    const done: number[] = [];
    const queue = new SerialQueue((error) => failures.push(error));
    queue.add(() => Promise.reject(new Error('disk full')));
    queue.add(() => void done.push(1));
    await expect(queue.settled()).rejects.toThrow('disk full');
    queue.add(() => void done.push(2));
    expect(done).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});
