export interface FetchOptions {
  /** Milliseconds for the whole of it. */
  readonly time: number;
  /** Bytes of the answer. */
  readonly size: number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of an answer. Rejects when it is none of success, late or too large; the message says no more than that. */
export async function fetchText(url: string, options: FetchOptions): Promise<string> {
  return (await fetchBytes(url, options)).toString('utf8');
}

/** The same as bytes. */
export async function fetchBytes(url: string, { time, size, signal, headers = {} }: FetchOptions): Promise<Buffer> {
  const late = AbortSignal.timeout(time);
  try {
    const response = await fetch(url, { headers, signal: signal ? AbortSignal.any([signal, late]) : late });
    if (!response.ok) {
      await response.body?.cancel();
      throw new FetchError(String(response.status));
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).byteLength;
      if (length > size) throw new FetchError(`the answer is larger than ${size} bytes`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof FetchError) throw error;
    if (late.aborted) throw new FetchError(`no answer within ${time} ms`);
    throw new FetchError(codeOf(error) ?? 'the server cannot be reached');
  }
}

class FetchError extends Error {}

function codeOf(error: unknown): string | undefined {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : undefined;
}
