import type { Auth } from '#libs/contract';
import { KeyedQueue } from '#libs/instance';
import { CredentialStore } from './credential-store.port.js';

/** A {@link CredentialStore} that ends with the process: for tests, and for hosts that hand keys over themselves. @publicApi */
export class MemoryCredentialStore extends CredentialStore {
  private readonly entries: Map<string, Auth>;
  private changes = 0;
  private readonly renewals = new KeyedQueue();

  constructor(entries: Readonly<Record<string, Auth>> = {}) {
    super();
    this.entries = new Map(Object.entries(entries));
  }

  get version(): number {
    return this.changes;
  }

  list(): Promise<ReadonlyMap<string, Auth>> {
    return Promise.resolve(new Map(this.entries));
  }

  find(id: string): Promise<Auth | undefined> {
    return Promise.resolve(this.entries.get(id));
  }

  set(id: string, credential: Auth): Promise<void> {
    this.entries.set(id, credential);
    this.changes++;
    return Promise.resolve();
  }

  renew(id: string, make: (stored: Auth) => Promise<Auth | undefined>): Promise<Auth | undefined> {
    return this.renewals.run(id, async () => {
      const stored = this.entries.get(id);
      const made = stored && (await make(stored));
      if (made && this.entries.get(id) === stored) await this.set(id, made);
      return this.entries.get(id);
    });
  }

  remove(id: string): Promise<void> {
    if (this.entries.delete(id)) this.changes++;
    return Promise.resolve();
  }
}
