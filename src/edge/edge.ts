import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidRequestError } from '#libs/contract';

/** Looks at a request before anything else does; false when it has answered it. */
export type EdgeRule = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Rules for every request, unknown routes included. They have to be in place before the routes are; what they are is
 * known once the configuration is read.
 */
export class Edge {
  rules: readonly EdgeRule[] = [];
  /** Whether a request needs no rule: the server makes it itself. */
  trusts: (request: FastifyRequest) => boolean = () => false;

  /** Makes the rules apply to all that is routed. */
  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (this.admits(request, reply)) done();
    });
  }

  /** Option of Fastify: answers what cannot be routed, such as a path with a bad escape. No hook sees that. */
  readonly frameworkErrors = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    if (!this.admits(request, reply)) return;
    const problem = new InvalidRequestError(error.message);
    // bytes, because Fastify names a charset for a text, and no hook takes it away again here
    void reply
      .code(problem.status)
      .type('application/json')
      .send(Buffer.from(JSON.stringify(problem.toBody())));
  };

  private admits(request: FastifyRequest, reply: FastifyReply): boolean {
    return this.trusts(request) || this.rules.every((rule) => rule(request, reply));
  }
}
