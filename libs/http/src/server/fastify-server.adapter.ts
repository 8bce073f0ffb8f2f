import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { wireErrorOf } from '../error/wire-error.js';
import { registerBodyParser } from './body-parser.js';

/** Largest request body, in bytes. */
const BODY_LIMIT = 128 * 1024 * 1024;

const FASTIFY_JSON = 'application/json; charset=utf-8';

/** Fastify as the wire contract wants it. */
class FastifyServerAdapter extends FastifyAdapter {
  constructor(options: FastifyServerOptions) {
    super(options);
    this.getInstance().addHook('onSend', (_request, reply, payload, done) => {
      if (reply.getHeader('content-type') === FASTIFY_JSON) reply.header('content-type', 'application/json');
      done(null, payload);
    });
  }

  override registerParserMiddleware(): void {
    registerBodyParser(this.getInstance<FastifyInstance>());
  }
}

/**
 * The HTTP adapter of a server that serves nothing but the wire contract. A host application keeps its own.
 *
 * @example
 * const app = await NestFactory.create(ServerModule, createFastifyAdapter(), { forceCloseConnections: true });
 * useWireErrors(app);
 */
export function createFastifyAdapter(options: FastifyServerOptions = {}): FastifyAdapter {
  return new FastifyServerAdapter({ bodyLimit: BODY_LIMIT, frameworkErrors, ...options });
}

/** Answers what the router cannot read, such as a path with a bad escape: neither hooks nor filters see it. */
function frameworkErrors(thrown: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const error = wireErrorOf(thrown);
  // bytes, because Fastify names a charset for a text, and no hook takes it away again here
  void reply
    .code(error.status)
    .type('application/json')
    .send(Buffer.from(JSON.stringify(error.toBody())));
}
