import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { mergeMap, type Observable } from 'rxjs';

type Encoding = 'br' | 'gzip' | 'identity';

/** Below this nothing is won: characters. */
const WORTHWHILE = 16_000;
/** Answers kept at a time. */
const KEPT = 4;

const ENCODE: Record<Encoding, (text: string) => Promise<Buffer>> = {
  // turned into bytes once, not with every answer
  identity: async (text) => Buffer.from(text),
  // a fast level: the whole is some megabytes, and most clients are on this machine
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text) => promisify(gzip)(text, { level: 5 }),
};

/** A text with what was made of it. */
class LargeText {
  readonly tag: string;
  private readonly encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(readonly text: string) {
    this.tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  }

  as(encoding: Encoding): Promise<Buffer> {
    const bytes = this.encoded.get(encoding) ?? ENCODE[encoding](this.text);
    this.encoded.set(encoding, bytes);
    return bytes;
  }
}

/** The same text comes again and again: tags and compressed forms are made once. */
@Injectable()
export class LargeAnswerInterceptor implements NestInterceptor<string> {
  private readonly known = new Map<string, LargeText>();

  intercept(context: ExecutionContext, next: CallHandler<string>): Observable<string | Buffer | undefined> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    return next.handle().pipe(mergeMap((text) => this.answer(text, request, reply)));
  }

  private async answer(text: string, { headers }: FastifyRequest, reply: FastifyReply) {
    const large = this.find(text);
    reply.header('content-type', 'application/json');
    reply.header('cache-control', 'no-cache');
    reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].filter(Boolean).join(', '));
    reply.header('etag', large.tag);
    if (tagsOf(headers['if-none-match']).includes(large.tag)) {
      reply.status(304);
      return undefined;
    }
    if (text.length < WORTHWHILE) return text;
    const encoding = encodingOf(headers['accept-encoding']);
    const bytes = await large.as(encoding);
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return bytes;
  }

  private find(text: string): LargeText {
    const large = this.known.get(text) ?? new LargeText(text);
    // the one asked for last stays longest
    this.known.delete(text);
    this.known.set(text, large);
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest);
    return large;
  }
}

/**
 * For a route whose handler returns a large JSON text that seldom changes: an entity tag, 304 for clients that have it,
 * brotli or gzip for those that ask.
 */
export const LargeAnswer = (): MethodDecorator => applyDecorators(UseInterceptors(LargeAnswerInterceptor));

function encodingOf(accepted: string | string[] | undefined): Encoding {
  const wanted = String(accepted ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.split(';', 1)[0]);
  return (['br', 'gzip'] as const).find((encoding) => wanted.includes(encoding)) ?? 'identity';
}

/** A proxy that compressed the answer itself may have made the tag a weak one. */
function tagsOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
