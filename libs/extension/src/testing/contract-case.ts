import { type ContractRunner } from './contract-runner.js';

/** What a test of a contract works with, and how it is put away. */
export interface Closable {
  close?: () => Promise<void> | void;
}

/** Declares one test; what it works with is opened before and closed after it. */
export type ContractCase<W extends Closable> = (title: string, body: (world: W) => Promise<void>) => void;

/** The tests of a contract under one heading. */
export function declareContract<W extends Closable>(
  heading: string,
  { open, runner }: { open: () => Promise<W>; runner: ContractRunner },
  declare: (test: ContractCase<W>) => void,
): void {
  const test: ContractCase<W> = (title, body) =>
    runner.it(title, async () => {
      const world = await open();
      try {
        await body(world);
      } finally {
        await world.close?.();
      }
    });
  runner.describe(heading, () => declare(test));
}

/** Resolves as the work does; rejects when it takes longer than a number of milliseconds. */
export async function within<T>(limit: number, work: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: no end within ${limit} ms`)), limit);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
