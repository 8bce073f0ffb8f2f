import { type ContractRunner, declareContract, globalRunner } from '#libs/extension';
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
  const declare = (heading: string, cases: (test: ContractCase) => void) =>
    declareContract(heading, { open, runner }, (test) =>
      cases((title, body) => test(title, ({ stores }) => body(stores))),
    );
  runner.describe(`${name} keeps the storage contract`, () => {
    declare('sessions', sessionContract);
    declare('messages and parts', messageContract);
    declare('removal', removalContract);
    declare('todos', todoContract);
    declare('projects', projectContract);
  });
}
