import { Injectable, Logger, Optional } from '@nestjs/common';
import { InternalError } from '#libs/contract';
import { CredentialStore } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { fetchText } from './fetch-text.js';

const PATH = '/.well-known/opencode';
/** Milliseconds until a request has to be answered, and bytes of the answer. */
const LIMITS = { time: 10_000, size: 1024 * 1024 };

/** A configuration that somebody's server hands out to those who are logged in there. */
export interface RemoteText {
  /** Where it is from. */
  readonly url: string;
  /** JSON, like a configuration file. */
  readonly text: string;
  /** Name and value of a variable that it may refer to. */
  readonly variable: readonly [name: string, value: string];
}

/** Gets the configurations of the servers that a user has logged in to with `opencode auth login <url>`. */
@Injectable()
export class RemoteConfig {
  private readonly log = new Logger('Configuration');
  /** By address and token: got once per instance, however often its files change. */
  private readonly texts = new InstanceState(() => new Map<string, Promise<string>>());

  constructor(@Optional() private readonly credentials?: CredentialStore) {}

  /** In the order of the logins. Rejects with 500 `UnknownError` when one cannot be had. */
  async list(instance: Instance): Promise<RemoteText[]> {
    const remotes: RemoteText[] = [];
    for (const [address, credential] of (await this.credentials?.list()) ?? []) {
      if (credential.type !== 'wellknown') continue;
      const url = address.replace(/\/+$/, '') + PATH;
      const text = await this.once(instance, address, credential.token);
      remotes.push({ url, text, variable: [credential.key, credential.token] });
    }
    return remotes;
  }

  /** What was got was no good: it is asked for again. */
  forget(instance: Instance): void {
    this.texts.forget(instance);
  }

  private once(instance: Instance, address: string, token: string): Promise<string> {
    const texts = this.texts.get(instance);
    const key = `${address} ${token}`;
    const known = texts.get(key);
    if (known) return known;
    const text = this.configuration(address, instance.signal);
    texts.set(key, text);
    text.catch(() => texts.delete(key));
    return text;
  }

  private async configuration(address: string, signal: AbortSignal): Promise<string> {
    const url = address.replace(/\/+$/, '') + PATH;
    try {
      this.log.debug(`Getting configuration from ${url}`);
      const { config = {} } = JSON.parse(await fetchText(url, { ...LIMITS, signal })) as { config?: unknown };
      return JSON.stringify(config);
    } catch (error) {
      const reason = error instanceof SyntaxError ? 'the answer is no JSON' : (error as Error).message;
      throw new InternalError(new Error(`failed to fetch remote config from ${address}: ${reason}`));
    }
  }
}
