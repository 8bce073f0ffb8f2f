import { isDeepStrictEqual } from 'node:util';
import { type Auth, AuthUnion, validateItem } from '#libs/contract';
import { CredentialStore } from './credential-store.port.js';
import { jsonObject, PrivateJsonFile } from './private-json-file.js';

/**
 * The default {@link CredentialStore}: `auth.json`, as opencode keeps it. Entries that are no credentials are not
 * shown, and are left alone.
 * @publicApi
 */
export class FileCredentialStore extends CredentialStore {
  private readonly file: PrivateJsonFile;
  private changes = 0;
  private seen: string | undefined;

  /** @param path absolute path of the file, which need not exist */
  constructor(path: string) {
    super();
    this.file = new PrivateJsonFile(path);
  }

  get version(): number {
    return this.changes;
  }

  async list(): Promise<ReadonlyMap<string, Auth>> {
    const text = await this.file.text();
    this.note(text);
    return parse(text);
  }

  async find(id: string): Promise<Auth | undefined> {
    return (await this.list()).get(id);
  }

  set(id: string, credential: Auth): Promise<void> {
    return this.change((entries) => !!entries.set(id, credential));
  }

  renew(id: string, make: (stored: Auth) => Promise<Auth | undefined>): Promise<Auth | undefined> {
    return this.file.alone(id, async () => {
      const stored = await this.find(id);
      const made = stored && (await make(stored));
      if (made)
        await this.change(
          (entries) => isDeepStrictEqual(credentialOf(entries.get(id)), stored) && !!entries.set(id, made),
        );
      return this.find(id);
    });
  }

  remove(id: string): Promise<void> {
    return this.change((entries) => entries.delete(id));
  }

  private async change(apply: (entries: Map<string, unknown>) => boolean): Promise<void> {
    const written = await this.file.change((text) => {
      const entries = new Map(Object.entries(jsonObject(text)));
      return apply(entries) ? Object.fromEntries(entries) : undefined;
    });
    if (written === undefined) return;
    this.seen = written;
    this.changes++;
  }

  private note(text: string): void {
    if (this.seen !== undefined && this.seen !== text) this.changes++;
    this.seen = text;
  }
}

const credentialOf = (value: unknown): Auth | undefined => validateItem(AuthUnion, value).value;

function parse(text: string): Map<string, Auth> {
  const entries = new Map<string, Auth>();
  for (const [id, value] of Object.entries(jsonObject(text))) {
    const credential = credentialOf(value);
    if (credential !== undefined) entries.set(id, credential);
  }
  return entries;
}
