import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '#libs/extension';

/** Milliseconds for an answer that is read whole, and for a file; a file that does not go on is given up sooner. */
const ANSWER_LIMIT = 20_000;
const FILE_LIMIT = 30 * 60_000;
const STALL_LIMIT = 30_000;
/** Bytes. */
const MAX_ANSWER = 16 * 1024 ** 2;
const MAX_FILE = 1024 ** 3;

const GITHUB = 'api.github.com';
const LIMITED = 'set GITHUB_TOKEN, which raises its limit';
/** What to do, by status. */
const GITHUB_HINTS: Readonly<Record<number, string>> = {
  401: 'GITHUB_TOKEN is not valid',
  403: LIMITED,
  429: LIMITED,
};

/**
 * Fetches from the sites where servers are published. `OPENCODE_LSP_MIRROR` names a mirror of them: each address
 * follows behind it without its scheme, `https://mirror.example/lsp/api.github.com/repos/…`.
 *
 * Everything rejects with a sentence that names the address.
 */
export class Downloads {
  constructor(private readonly environment: Environment) {}

  text(url: string, signal: AbortSignal): Promise<string> {
    const limit = timeLimit(ANSWER_LIMIT, 'did not answer in time');
    const read = (response: Response) => text(limited(response, MAX_ANSWER));
    return this.receive(url, [signal, limit.signal], read).finally(() => limit.end());
  }

  /** What the answer holds is for the caller to find out. */
  async json<T>(url: string, signal: AbortSignal): Promise<Partial<T>> {
    const answer = await this.text(url, signal);
    try {
      return (JSON.parse(answer) ?? {}) as Partial<T>;
    } catch {
      throw new Error(`${this.address(url).href} answers something other than JSON`);
    }
  }

  /** Writes a file that is not there yet; resolves with its SHA-256. */
  save(url: string, path: string, signal: AbortSignal): Promise<string> {
    const limit = timeLimit(FILE_LIMIT, 'sent the file too slowly');
    const stall = timeLimit(STALL_LIMIT, 'stopped sending the file');
    const hash = createHash('sha256');
    return this.receive(url, [signal, limit.signal, stall.signal], async (response) => {
      const chunks = limited(response, MAX_FILE, (chunk) => {
        stall.renew();
        hash.update(chunk);
      });
      await pipeline(chunks, createWriteStream(path, { flags: 'wx' }));
      return hash.digest('hex');
    }).finally(() => {
      limit.end();
      stall.end();
    });
  }

  private async receive<T>(url: string, signals: AbortSignal[], read: (response: Response) => Promise<T>): Promise<T> {
    const address = this.address(url);
    const signal = AbortSignal.any(signals);
    try {
      const response = await fetch(address, { headers: this.headers(address), signal });
      const refusal = refusalOf(response, address);
      if (refusal === undefined) return await read(response);
      await response.body?.cancel();
      throw new Refusal(`${address.href} ${refusal}`);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Error(`${address.host} ${reasonOf(signal.aborted ? signal.reason : error)}`, { cause: error });
    }
  }

  private headers({ host }: URL): Record<string, string> {
    const { username, password } = this.mirror ?? { username: '', password: '' };
    const token = host === GITHUB && this.environment.variables['GITHUB_TOKEN'];
    const credentials = [username, password].map(decodeURIComponent).join(':');
    return {
      'User-Agent': 'opencode-nest',
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(username && { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    };
  }

  /** Where an address is to be found: without name and password. */
  private address(url: string): URL {
    const { mirror } = this;
    const { protocol, host, pathname, search } = new URL(url);
    if (mirror) return new URL(`${mirror.origin}${mirror.pathname.replace(/\/+$/, '')}/${host}${pathname}${search}`);
    if (protocol !== 'https:') throw new Refusal(`${url} is not encrypted`);
    return new URL(url);
  }

  private get mirror(): URL | undefined {
    const text = this.environment.variables['OPENCODE_LSP_MIRROR'];
    if (!text) return undefined;
    const mirror = URL.parse(text);
    if (!mirror || !/^https?:$/.test(mirror.protocol)) throw new Refusal('OPENCODE_LSP_MIRROR is no address of a site');
    return mirror;
  }
}

/** Says everything already. */
class Refusal extends Error {}

interface TimeLimit {
  readonly signal: AbortSignal;
  renew(): void;
  end(): void;
}

function timeLimit(milliseconds: number, reason: string): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(reason)), milliseconds);
  return { signal: controller.signal, renew: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

function refusalOf({ ok, status, url }: Response, { host, protocol }: URL): string | undefined {
  if (ok)
    return protocol === 'https:' && !url.startsWith('https:') ? `leads to ${url}, which is not encrypted` : undefined;
  const hint = host === GITHUB ? GITHUB_HINTS[status] : undefined;
  return hint === undefined ? `answers ${status}` : `answers ${status}: ${hint}`;
}

function reasonOf(error: unknown): string {
  // "fetch failed" says nothing
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause ? `cannot be reached: ${cause.code || cause.message || message}` : message;
}

async function* limited(response: Response, maxBytes: number, onChunk?: (chunk: Uint8Array) => void) {
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Refusal(`${response.url} sends more than ${maxBytes} bytes`);
    onChunk?.(chunk);
    yield chunk;
  }
}
