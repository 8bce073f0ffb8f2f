import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { instanceOf, type ScopedRequest } from './scoped-request.js';

/**
 * The instance of the request; for routes of an {@link OpencodeController}.
 *
 * @example status(@CurrentInstance() instance: Instance) { … }
 * @publicApi
 */
export const CurrentInstance = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const instance = instanceOf(context.switchToHttp().getRequest<ScopedRequest>());
  if (instance) return instance;
  const { name } = context.getClass();
  throw new Error(`@CurrentInstance() in ${name}: mark the class with @OpencodeController() instead of @Controller().`);
});
