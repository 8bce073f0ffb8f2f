import { InstanceLocator } from './instance-locator.port.js';
import { InstanceState } from './instance-state.js';
import { InstanceStore } from './instance.store.js';
import type { Instance, InstancePlace } from './instance.js';

class Locator extends InstanceLocator {
  asked: string[] = [];
  failures = 0;

  async locate(directory: string): Promise<InstancePlace> {
    this.asked.push(directory);
    await Promise.resolve();
    if (this.failures-- > 0) throw new Error('no such directory');
    return { worktree: '/', project: { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] } };
  }
}

let locator: Locator;
let store: InstanceStore;
beforeEach(() => {
  locator = new Locator();
  store = new InstanceStore(locator, { idleTimeout: 20 });
});
afterEach(() => store.onModuleDestroy());

const tick = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('InstanceStore', () => {
  it('boots a directory once for all who ask, however they write it', async () => {
    const leases = await Promise.all([store.acquire('/p'), store.acquire('/p/'), store.acquire('/p/a/..')]);
    expect(new Set(leases.map((lease) => lease.instance)).size).toBe(1);
    expect(locator.asked).toEqual(['/p']);
  });

  it('forgets a boot that failed', async () => {
    locator.failures = 1;
    await expect(store.acquire('/p')).rejects.toThrow('no such directory');
    await expect(store.acquire('/p')).resolves.toBeDefined();
  });

  it('lets an instance go some time after its last lease, not before', async () => {
    const first = await store.acquire('/p');
    const second = store.retain(first.instance);
    first.release();
    first.release();
    await tick(40);
    expect(first.instance.signal.aborted).toBe(false);
    second.release();
    await tick(40);
    expect(first.instance.signal.aborted).toBe(true);
    expect((await store.acquire('/p')).instance).not.toBe(first.instance);
  });

  it('retires an instance between two pieces of work, whoever only looks on', async () => {
    const stream = await store.acquire('/p');
    const request = await store.acquire('/p');
    const run = store.retain(request.instance);
    stream.watch();
    expect(await store.retire(request.instance, 1)).toBe(false);
    request.release();
    expect(request.instance.signal.aborted).toBe(false);
    run.release();
    expect(request.instance.signal.aborted).toBe(true);
    stream.release();
    const next = await store.acquire('/p');
    expect(next.instance).not.toBe(request.instance);
    expect(await store.retire(request.instance)).toBe(true);
    expect(next.instance.signal.aborted).toBe(false);
    expect(await store.retire(next.instance, 1)).toBe(true);
  });

  it('asks a check before it gives out an instance again', async () => {
    const { instance } = await store.acquire('/p');
    store.beforeUse((asked) => store.retire(asked, 1).then(() => undefined));
    expect((await store.acquire('/p')).instance).not.toBe(instance);
    expect(instance.signal.aborted).toBe(true);
  });

  it('gives an instance out when it is set up, once for all, and earlier to what sets it up', async () => {
    const steps: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let failures = 1;
    store.beforeFirstUse(async (instance) => {
      steps.push('begin');
      // a plugin that asks its own server
      const lease = await store.acquire('/p', { unready: true });
      expect(lease.instance).toBe(instance);
      lease.release();
      await promise;
      if (failures-- > 0) throw new Error('broken plugin');
      steps.push('end');
      return true;
    });
    const asking = Promise.allSettled([store.acquire('/p'), store.acquire('/p')]);
    resolve();
    expect((await asking).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const leases = await Promise.all([store.acquire('/p'), store.acquire('/p')]);
    steps.push('used');
    await store.acquire('/p');
    expect(steps).toEqual(['begin', 'begin', 'end', 'used']);
    expect(leases[0].instance).toBe(leases[1].instance);
  });

  it('gives an instance out that cannot be set up yet, and tries again', async () => {
    const answers = [false, true];
    let calls = 0;
    store.beforeFirstUse(async () => answers[calls++]!);
    const first = await store.acquire('/p');
    const second = await store.acquire('/p');
    await store.acquire('/p');
    expect([calls, first.instance === second.instance]).toEqual([2, true]);
  });

  it('makes whoever asks during disposal wait for a new instance', async () => {
    const { instance } = await store.acquire('/p');
    const gate = Promise.withResolvers<void>();
    new InstanceState(
      () => true,
      () => gate.promise,
    ).get(instance);
    const disposal = store.dispose(instance);
    const next = store.acquire('/p');
    gate.resolve();
    await disposal;
    expect((await next).instance).not.toBe(instance);
  });

  it('leaves the new instance of a directory alone when the old one is disposed again', async () => {
    const { instance: old } = await store.acquire('/p');
    await store.dispose(old);
    const { instance } = await store.acquire('/p');
    await store.dispose(old);
    expect([store.isHeld(old), store.isHeld(instance), instance.signal.aborted]).toEqual([false, true, false]);
    expect(() => store.retain(old)).toThrow('is being disposed');
    expect((await store.acquire('/p')).instance).toBe(instance);
  });

  it('is shut down when what was ending before has ended', async () => {
    const { instance } = await store.acquire('/p');
    const gate = Promise.withResolvers<void>();
    const cell = new InstanceState(
      () => true,
      () => gate.promise,
    );
    cell.get(instance);
    const steps: string[] = [];
    const disposal = store.dispose(instance).then(() => steps.push('disposed'));
    const shutdown = store.onModuleDestroy().then(() => steps.push('shut down'));
    await tick(0);
    gate.resolve();
    await Promise.all([disposal, shutdown]);
    expect(steps).toEqual(['disposed', 'shut down']);
  });

  it('refuses work after shutdown', async () => {
    await store.onModuleDestroy();
    await expect(store.acquire('/p')).rejects.toThrow('shutting down');
  });
});

describe('InstanceState', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = (await store.acquire('/p')).instance;
  });

  it('makes a value once and disposes in reverse order, whatever fails', async () => {
    const order: string[] = [];
    const cell = (name: string) =>
      new InstanceState(
        () => name,
        (value) => {
          order.push(value);
          if (value === 'b') throw new Error('b cannot end');
        },
      );
    const [a, b, c] = [cell('a'), cell('b'), cell('c')];
    for (const state of [a, b, c, a]) state.get(instance);
    await store.dispose(instance);
    expect(order).toEqual(['c', 'b', 'a']);
    expect(a.find(instance)).toBeUndefined();
  });

  it('makes no value for an instance that is gone', async () => {
    const state = new InstanceState(() => 'value');
    await store.dispose(instance);
    expect(() => state.get(instance)).toThrow('is being disposed');
    expect(state.find(instance)).toBeUndefined();
  });

  it('forgets a promise that rejected', async () => {
    let tries = 0;
    const state = new InstanceState(async () => {
      if (tries++ === 0) throw new Error('first');
      return Promise.resolve('second');
    });
    await expect(state.get(instance)).rejects.toThrow('first');
    await expect(state.get(instance)).resolves.toBe('second');
  });
});

describe('Instance', () => {
  it.each([
    ['/p', true],
    ['/p/a/b', true],
    ['/p/../q', false],
    ['/pp', false],
    ['/p/..a', true],
    ['/', false],
  ])('knows whether %s is inside /p', async (path, inside) => {
    expect((await store.acquire('/p')).instance.contains(path)).toBe(inside);
  });
});
