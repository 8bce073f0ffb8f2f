import type { FastifyInstance } from 'fastify';
import { isJsonType, JSON_TYPE, malformedJson } from '../input/json-body.js';

/**
 * Makes a Fastify instance read JSON and nothing else: bodies of other types are skipped, an empty one is none, and
 * keys that could change a prototype are dropped.
 */
export function registerBodyParser(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('remove', 'remove');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (request, body: string, done) => {
    // Fastify lowers the case of the type; only the exact spelling is read
    if (body === '' || !isJsonType(request.headers['content-type'])) return done(null, undefined);
    void parse(request, body, (error, value) => (error ? done(malformedJson()) : done(null, value)));
  });
  fastify.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });
}
