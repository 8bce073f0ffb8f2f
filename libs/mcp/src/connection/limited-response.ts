/** Bytes of one message of a server. */
export const MAX_MESSAGE = 64 * 1024 * 1024;

/** What ends an event of a stream. */
const BLANK_LINES = ['\n\n', '\r\n\r\n', '\r\r'];
const LONGEST = 4;

/**
 * A response that breaks off when a message in it is too large: whoever reads it would keep all of it. In an event
 * stream each event counts by itself.
 * @param onEnd called once, when the body ends in whatever way
 */
export function limitedResponse(response: Response, onEnd?: () => void, limit = MAX_MESSAGE): Response {
  const { body, status, statusText, headers } = response;
  if (!body) {
    onEnd?.();
    return response;
  }
  const isEvents = headers.get('content-type')?.startsWith('text/event-stream') === true;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const sizeOf = isEvents ? eventSize() : totalSize();
  const limited = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done && sizeOf(value) <= limit) return controller.enqueue(value);
        // as fetch does where a body breaks off
        if (!done) throw new TypeError(`A message of more than ${limit} bytes`);
        onEnd?.();
        controller.close();
      } catch (error) {
        onEnd?.();
        controller.error(error);
        await reader.cancel(error).catch(() => undefined);
      }
    },
    cancel(reason) {
      onEnd?.();
      return reader.cancel(reason);
    },
  });
  return new Response(limited, { status, statusText, headers });
}

/** As fetch, with responses that are limited. */
export const limitedFetch: typeof fetch = async (input, init) => limitedResponse(await fetch(input, init));

function totalSize(): (chunk: Uint8Array) => number {
  let size = 0;
  return (chunk) => (size += chunk.length);
}

/** Bytes since the last event ended. */
function eventSize(): (chunk: Uint8Array) => number {
  let size = 0;
  let tail = Buffer.alloc(0);
  return (chunk) => {
    // an end may lie across two chunks
    const seen = Buffer.concat([tail, chunk]);
    const end = Math.max(
      ...BLANK_LINES.map((line) => (seen.lastIndexOf(line) < 0 ? 0 : seen.lastIndexOf(line) + line.length)),
    );
    size = end > tail.length ? seen.length - end : size + chunk.length;
    tail = seen.subarray(1 - LONGEST);
    return size;
  };
}
