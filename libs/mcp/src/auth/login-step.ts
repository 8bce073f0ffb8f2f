import type { FetchLike } from '@modelcontextprotocol/client';
import type { McpRemoteConfig } from '#libs/contract';
import { loadSdk, type Sdk } from '../connection/sdk.js';
import { assertTrusted } from './trusted-address.js';

/** Milliseconds one step of a login may take with all its requests: one that hangs would keep later ones waiting. */
const TIME = 30_000;
/** Bytes of an answer. */
const SIZE = 1024 * 1024;

/** One step of a login, or its renewal. */
export interface LoginStep {
  readonly sdk: Sdk;
  /** Of the MCP server. */
  readonly name: string;
  readonly config: McpRemoteConfig;
  /** Makes the requests. */
  readonly fetch: FetchLike;
}

/** @param signal gives the step up */
export async function loginStep(name: string, config: McpRemoteConfig, signal?: AbortSignal): Promise<LoginStep> {
  const limit = AbortSignal.timeout(TIME);
  return {
    sdk: await loadSdk(),
    name,
    config,
    fetch: loginFetch(config, signal ? AbortSignal.any([signal, limit]) : limit),
  };
}

/** Requests to where a server leads: to trusted addresses only, with its configured headers only where it is itself. */
function loginFetch({ url, headers: own = {} }: McpRemoteConfig, signal: AbortSignal): FetchLike {
  const server = new URL(url);
  return async (input, init) => {
    const target = new URL(input);
    assertTrusted(target, server);
    const headers = new Headers(target.origin === server.origin ? own : {});
    new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
    const response = await fetch(target, { ...init, headers, signal });
    const body = await bodyOf(response, target);
    const { status, statusText } = response;
    return new Response(body, { status, statusText, headers: response.headers });
  };
}

/** Null where there is none: some statuses may not have one. */
async function bodyOf(response: Response, { origin }: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > SIZE) throw new TypeError(`The answer of ${origin} is larger than ${SIZE} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
