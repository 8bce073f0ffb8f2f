import type { Stores } from '../stores.js';

/** Opens empty stores of the adapter under test. @publicApi */
export type OpenStorage = () => Promise<{ stores: Stores; close: () => Promise<void> | void }>;

/** What the suite needs of a test runner: the globals of Jest, Vitest and Mocha, or the functions of `node:test`. @publicApi */
export interface ContractRunner {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
}

/** A case gets fresh stores, which are closed after it. */
export type ContractCase = (name: string, body: (stores: Stores) => Promise<void>) => void;

/** The test functions that stand in the global scope. */
export function globalRunner(): ContractRunner {
  const { describe, it } = globalThis as Partial<ContractRunner>;
  if (describe && it) return { describe, it };
  throw new Error(
    'No test runner found: call storageContract inside a test file of Jest, Vitest (with globals) or Mocha, ' +
      'or give { describe, it } of another runner as its third argument.',
  );
}
