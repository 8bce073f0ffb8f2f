import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidRequestError } from '#libs/contract';

/** Looks at a request before anything else does; false when it has answered it. */
export type EdgeRule = (request: FastifyRequest, reply: FastifyReply) => boolean | Promise<boolean>;

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
    fastify.addHook('onRequest', async (request, reply) => {
      if (!(await this.admits(request, reply))) return reply;
    });
  }

  /** Option of Fastify: answers what cannot be routed, such as a path with a bad escape. No hook sees that. */
  readonly frameworkErrors = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    this.admits(request, reply).then(
      (admitted) => admitted && answer(reply, error),
      () => void reply.code(500).send(),
    );
  };

  private async admits(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    if (this.trusts(request)) return true;
    for (const rule of this.rules) if (!(await rule(request, reply))) return false;
    return true;
  }
}

function answer(reply: FastifyReply, error: FastifyError): void {
  const problem = new InvalidRequestError(error.message);
  // bytes, because Fastify names a charset for a text, and no hook takes it away again here
  void reply
    .code(problem.status)
    .type('application/json')
    .send(Buffer.from(JSON.stringify(problem.toBody())));
}
