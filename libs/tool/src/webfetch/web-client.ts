import { networkPlace } from './network-place.js';

/** Bytes of a body, unpacked. */
export const MAX_SIZE = 5 * 1024 * 1024;
const MAX_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
/** Told to sites that turn away what looks like a browser and is none. */
const HONEST = 'opencode';

export interface WebRequest {
  url: URL;
  /** Media types in the order of preference. */
  accept: string;
  /** Ends the request up to the last byte of the body. */
  signal: AbortSignal;
  /** Leave to go on at another host; rejects without. */
  onOtherHost: (url: URL) => Promise<void>;
}

export interface WebAnswer {
  contentType: string;
  body: Uint8Array;
}

/** Fetches a body of success. Rejects with a message for the model. */
export async function fetchWeb(request: WebRequest): Promise<WebAnswer> {
  let answer = await follow(request, BROWSER);
  if (answer.status === 403 && answer.headers.get('cf-mitigated') === 'challenge') {
    await answer.body?.cancel();
    answer = await follow(request, HONEST);
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`Request failed with status code: ${answer.status}`);
  }
  return { contentType: answer.headers.get('content-type') ?? '', body: await readBody(answer) };
}

async function follow({ url, accept, signal, onOtherHost }: WebRequest, agent: string): Promise<Response> {
  const headers = { 'User-Agent': agent, Accept: accept, 'Accept-Language': 'en-US,en;q=0.9' };
  const start = await networkPlace(url);
  for (let current = url, count = 0; ; count++) {
    const place = count === 0 ? start : await networkPlace(current);
    if (place === 'link-local')
      throw new Error(`${current.host} is a link-local address, which services of this machine's network use: refused`);
    if (place === 'private' && start === 'public')
      throw new Error(`The redirect to ${current.href} leads from a public site into a private network: refused`);
    const answer = await send(current.href, { headers, signal, redirect: 'manual' });
    const location = REDIRECTS.has(answer.status) ? answer.headers.get('location') : null;
    if (location === null) return answer;
    await answer.body?.cancel();
    if (count >= MAX_REDIRECTS) throw new Error(`Too many redirects: more than ${MAX_REDIRECTS}`);
    const next = target(location, current);
    if (bareHost(next) !== bareHost(current)) await onOtherHost(next);
    current = next;
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if ((error as Error).name !== 'TypeError') throw error;
    // "fetch failed" says nothing
    const { cause } = error as { cause?: { code?: string; message?: string } };
    throw new Error(
      `${new URL(url).host} cannot be reached: ${cause?.code ?? cause?.message ?? (error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function target(location: string, from: URL): URL {
  const url = URL.parse(location, from.href);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`The redirect to ${location} leads neither to http:// nor to https://: refused`);
  return url;
}

/** Sites with and without `www.` are the same. */
const bareHost = ({ host }: URL) => host.replace(/^www\./, '');

async function readBody(answer: Response): Promise<Uint8Array> {
  const tooLarge = async () => {
    await answer.body?.cancel().catch(() => undefined);
    return new Error('Response too large (exceeds 5MB limit)');
  };
  if (Number(answer.headers.get('content-length') ?? 0) > MAX_SIZE) throw await tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > MAX_SIZE) throw new Error('Response too large (exceeds 5MB limit)');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
