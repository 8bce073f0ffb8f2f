/** Bytes of a page in which its character set is declared. */
const HEAD = 1024;

/** The media type of a header: lower case, without parameters. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The text of a body in the character set of its mark, its header or, of HTML, its own declaration; UTF-8 otherwise. */
export function decodeText(body: Uint8Array, contentType: string): string {
  const label = markOf(body) ?? charsetOf(contentType) ?? declaredCharset(body, contentType);
  return (decoder(label ?? 'utf-8') ?? new TextDecoder()).decode(body);
}

/** A byte order mark is stronger than what a header says. */
function markOf(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : undefined;
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType)?.[1];
}

function declaredCharset(body: Uint8Array, contentType: string): string | undefined {
  if (!/html|xml/i.test(contentType)) return undefined;
  const head = Buffer.from(body.subarray(0, HEAD)).toString('latin1');
  return (/<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head) ??
    /^<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(head))?.[1];
}

/** Undefined when nobody knows the character set. */
function decoder(label: string) {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
