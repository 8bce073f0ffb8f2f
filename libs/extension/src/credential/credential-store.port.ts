import type { Auth } from '#libs/contract';
import { Port } from '../boot/port.js';

/**
 * Keys, logins and tokens by the id they are for: a provider, or the URL of a well-known configuration.
 * Reads see what was written before, by this process or another. Values are secrets: never log them.
 * @publicApi
 */
export abstract class CredentialStore extends Port {
  /** Every usable entry, in the order in which the ids were first written. */
  abstract list(): Promise<ReadonlyMap<string, Auth>>;
  abstract find(id: string): Promise<Auth | undefined>;
  /** Replaces the entry of the id. */
  abstract set(id: string, credential: Auth): Promise<void>;
  /**
   * Stores what `make` makes of an entry, and resolves to what is stored then. `make` is called while nobody else, in this
   * process or another, does so for the same id: tokens often can be renewed once only. It gets what is stored at that
   * moment; undefined says that this is good as it is. What others store or remove meanwhile stays so. Rejects when
   * `make` does.
   */
  abstract renew(id: string, make: (stored: Auth) => Promise<Auth | undefined>): Promise<Auth | undefined>;
  /** An unknown id is no error. */
  abstract remove(id: string): Promise<void>;
  /** Grows with every change that this process made or noticed: what was made before it may be out of date. */
  abstract readonly version: number;
}
