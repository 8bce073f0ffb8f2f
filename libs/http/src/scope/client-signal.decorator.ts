import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { WireError } from '#libs/contract';
import { type ScopedResponse, whenOver } from './scoped-request.js';

/**
 * An AbortSignal for handlers that wait: aborted when the response is over, because the client went away or has its
 * answer.
 *
 * @example next(@ClientSignal() client: AbortSignal) { return this.queue.next(client); }
 * @publicApi
 */
export const ClientSignal = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const controller = new AbortController();
  whenOver(context.switchToHttp().getResponse<ScopedResponse>(), () => controller.abort(gone()));
  return controller.signal;
});

const gone = () => new WireError('ClientClosedRequestError', 499, { message: 'The client went away' });
