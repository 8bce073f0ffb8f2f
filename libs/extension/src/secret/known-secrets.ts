import { withoutSecretPatterns } from '#libs/contract';

/** Names of what must not be seen: `apiKey`, `X-Api-Key`, `client_secret`, `ACME_TOKEN`; not `maxTokens`, not `keyboard`. */
const SECRET_NAME =
  /api[-_]?key|secret|token(?!s)|pass(?:word|phrase|wd)|credential|authorization|cookie|private[-_]?key|(?:^|[-_])key$/i;
/** Names of places where a secret is. */
const PLACE_NAME = /(?:file|path|dir|application_credentials)$/i;
/** Shorter values occur by chance. */
const MIN_LENGTH = 8;
const HIDDEN = '[redacted]';

/** Whether a value of this name must not be seen. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLACE_NAME.test(name);
}

/**
 * The keys, tokens and passwords that a server has come to know, so that none is seen in what it logs and answers. One
 * for an application: give it to a logger of your own to hide the same values there.
 *
 * @example
 * const secrets = new KnownSecrets();
 * OpencodeModule.forRoot({ secrets, … });
 * logger.info(secrets.hide(line));
 * @publicApi
 */
export class KnownSecrets {
  /** Longest first: one may begin with another. */
  private values: readonly string[] = [];

  /** Remembers single values; what is too short to be told from ordinary text is left out. */
  add(values: Iterable<string | undefined>): void {
    for (const value of values) {
      if (value === undefined) continue;
      if (value.length >= MIN_LENGTH && !this.values.includes(value))
        this.values = [...this.values, value].sort((a, b) => b.length - a.length);
      // a header has its scheme before the token
      const [, token] = /^(?:Bearer|Basic|Token) +(\S+)$/i.exec(value) ?? [];
      if (token) this.add([token]);
      if (value.startsWith('{')) this.addNamed(parsed(value));
    }
  }

  /** Remembers what stands under a secret name, at any depth: of options, headers, variables, stored credentials. */
  addNamed(value: unknown): void {
    if (Array.isArray(value)) return value.forEach((item) => this.addNamed(item));
    if (typeof value !== 'object' || value === null) return;
    for (const [name, item] of Object.entries(value)) {
      if (typeof item !== 'string') this.addNamed(item);
      else if (isSecretName(name)) this.add([item]);
    }
  }

  /** A text without the secrets, and without what looks like one. */
  hide(text: string): string {
    let result = text;
    for (const value of this.values) result = result.replaceAll(value, HIDDEN);
    return withoutSecretPatterns(result);
  }

  /** The same in all texts of a plain value. */
  hideIn<T>(value: T): T {
    if (typeof value === 'string') return this.hide(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.hideIn(item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.hideIn(item)])) as T;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
