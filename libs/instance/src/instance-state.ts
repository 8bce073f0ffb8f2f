import type { Instance } from './instance.js';

/** Values of each instance in the order in which they were made. */
const values = new WeakMap<Instance, Map<InstanceState<unknown>, unknown>>();
/** Nobody would dispose a value that is made now. */
const ended = new WeakSet<Instance>();

/**
 * A value kept once per instance: made on first use, disposed with the instance in reverse order of making.
 * A promise is a fine value; one that rejects is forgotten, so that the next use tries again.
 *
 * @example
 * private readonly pending = new InstanceState(() => new Map<string, Ask>(), (asks) => asks.clear());
 * this.pending.get(instance).set(id, ask);
 * @publicApi
 */
export class InstanceState<T> {
  constructor(
    private readonly init: (instance: Instance) => T,
    private readonly dispose?: (value: T, instance: Instance) => void | Promise<void>,
  ) {}

  /** Throws the InstanceDisposedError of an instance that is gone. */
  get(instance: Instance): T {
    const known = this.find(instance);
    if (known !== undefined) return known;
    if (ended.has(instance)) instance.signal.throwIfAborted();
    const value = this.init(instance);
    const all = values.get(instance) ?? new Map<InstanceState<unknown>, unknown>();
    values.set(instance, all.set(this as InstanceState<unknown>, value));
    if (value instanceof Promise) void value.catch(() => this.forget(instance, value));
    return value;
  }

  /** The value if it was already made. */
  find(instance: Instance): T | undefined {
    return values.get(instance)?.get(this as InstanceState<unknown>) as T | undefined;
  }

  /** Drops the value without disposing it; the next {@link get} makes a new one. */
  forget(instance: Instance, only = this.find(instance)): void {
    if (this.find(instance) === only) values.get(instance)?.delete(this as InstanceState<unknown>);
  }

  /** @internal Disposes every value of an instance, newest first; returns what went wrong. */
  static async disposeAll(instance: Instance): Promise<unknown[]> {
    const all = values.get(instance) ?? new Map<InstanceState<unknown>, unknown>();
    const failures: unknown[] = [];
    for (let newest = [...all].at(-1); newest; newest = [...all].at(-1)) {
      const [state, value] = newest;
      all.delete(state);
      try {
        await state.dispose?.(await value, instance);
      } catch (error) {
        failures.push(error);
      }
    }
    values.delete(instance);
    ended.add(instance);
    return failures;
  }
}
