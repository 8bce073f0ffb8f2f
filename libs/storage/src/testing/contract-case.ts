import type { Stores } from '../stores.js';

/** Opens empty stores of the adapter under test. @publicApi */
export type OpenStorage = () => Promise<{ stores: Stores; close: () => Promise<void> | void }>;

/** A case gets fresh stores, which are closed after it. */
export type ContractCase = (name: string, body: (stores: Stores) => Promise<void>) => void;
