import type { Instance } from './instance.js';

interface Cell {
  readonly state: InstanceState<unknown>;
  readonly value: unknown;
}

/** Cells of each instance in the order in which they were made. */
const cells = new WeakMap<Instance, Cell[]>();
/** Nobody would dispose a cell that is made now. */
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
    const list = cells.get(instance) ?? [];
    cells.set(instance, list);
    list.push({ state: this as InstanceState<unknown>, value });
    if (value instanceof Promise) void value.catch(() => this.forget(instance, value));
    return value;
  }

  /** The value if it was already made. */
  find(instance: Instance): T | undefined {
    return cells.get(instance)?.find((cell) => cell.state === this)?.value as T | undefined;
  }

  /** Drops the value without disposing it; the next {@link get} makes a new one. */
  forget(instance: Instance, only?: T): void {
    const list = cells.get(instance);
    const index = list?.findIndex((cell) => cell.state === this && (only === undefined || cell.value === only)) ?? -1;
    if (index >= 0) list?.splice(index, 1);
  }

  /** @internal Disposes every cell of an instance, newest first; returns what went wrong. */
  static async disposeAll(instance: Instance): Promise<unknown[]> {
    const list = cells.get(instance) ?? [];
    const failures: unknown[] = [];
    for (let cell = list.pop(); cell; cell = list.pop()) {
      try {
        await cell.state.dispose?.(await cell.value, instance);
      } catch (error) {
        failures.push(error);
      }
    }
    cells.delete(instance);
    ended.add(instance);
    return failures;
  }
}
