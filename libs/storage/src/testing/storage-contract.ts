import { type ContractRunner, globalRunner } from '#libs/extension';
import type { ContractCase, OpenStorage } from './contract-case.js';
import { messageContract } from './message-contract.js';
import { removalContract } from './removal-contract.js';
import { sessionContract } from './session-contract.js';
import { projectContract, todoContract } from './todo-and-project-contract.js';

export type { OpenStorage } from './contract-case.js';

/**
 * Declares the tests that every storage adapter must pass.
 *
 * @param name of the adapter, for the report
 * @param open called once per test; must give empty stores
 * @param runner where the tests are declared; default: the global `describe` and `it`
 * @example
 * storageContract('Acme storage', async () => {
 *   const acme = await AcmeStores.connect(url);
 *   return { stores: acme, close: () => acme.drop() };
 * });
 * @publicApi
 */
export function storageContract(name: string, open: OpenStorage, runner: ContractRunner = globalRunner()): void {
  const { describe, it } = runner;
  const test: ContractCase = (title, body) => {
    it(title, async () => {
      const { stores, close } = await open();
      try {
        await body(stores);
      } finally {
        await close();
      }
    });
  };
  describe(`${name} keeps the storage contract`, () => {
    describe('sessions', () => sessionContract(test));
    describe('messages and parts', () => messageContract(test));
    describe('removal', () => removalContract(test));
    describe('todos', () => todoContract(test));
    describe('projects', () => projectContract(test));
  });
}
