import { join } from 'node:path';
import type { ProviderListResponse } from '#libs/contract';
import type { CredentialStore } from '#libs/extension';
import type { ApiClient } from '../server/api-client.js';

/** The stored keys and logins of this machine. No project has to be well for them. */
export async function credentials(): Promise<{ path: string; store: CredentialStore }> {
  const [{ FileCredentialStore }, { processEnvironment }] = await Promise.all([
    import('#libs/extension'),
    import('../process-environment.js'),
  ]);
  const path = join(processEnvironment().paths.data, 'auth.json');
  return { path, store: new FileCredentialStore(path) };
}

export type KnownProvider = Pick<ProviderListResponse['all'][number], 'id' | 'name' | 'env'>;

/** Every provider there is; none, with a note, where the configuration of the project is broken. */
export async function knownProviders(client: ApiClient): Promise<KnownProvider[]> {
  try {
    return (await client.get<ProviderListResponse>('/provider')).all;
  } catch (error) {
    console.error(`Note: the providers cannot be listed: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
