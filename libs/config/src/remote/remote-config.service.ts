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
    for (const { address, key, token } of await this.logins()) {
      const text = await this.once(instance, address, token);
      remotes.push({ url: urlOf(address), text, variable: [key, token] });
    }
    return remotes;
  }

  /** Where they are from; none is asked. */
  async addresses(): Promise<string[]> {
    return (await this.logins()).map(({ address }) => urlOf(address));
  }

  /** What was got was no good: it is asked for again. */
  forget(instance: Instance): void {
    this.texts.forget(instance);
  }

  private async logins() {
    const stored = [...((await this.credentials?.list()) ?? [])];
    return stored.flatMap(([address, credential]) =>
      credential.type === 'wellknown' ? [{ address, key: credential.key, token: credential.token }] : [],
    );
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
    const url = urlOf(address);
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

const urlOf = (address: string): string => address.replace(/\/+$/, '') + PATH;
