/** What a contract suite needs of a test runner: the globals of Jest, Vitest and Mocha, or the functions of `node:test`. @publicApi */
export interface ContractRunner {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
}

/** The test functions that stand in the global scope. */
export function globalRunner(): ContractRunner {
  const { describe, it } = globalThis as Partial<ContractRunner>;
  if (describe && it) return { describe, it };
  throw new Error(
    'No test runner found: call the contract suite inside a test file of Jest, Vitest (with globals) or Mocha, ' +
      'or give { describe, it } of another runner as its last argument.',
  );
}
