import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { ScopedRequest } from '../scope/scoped-request.js';
import { isJsonType, isTooDeep, tooDeep, UnreadableBody } from './json-body.js';

/**
 * Only JSON is a body: what a host's parser made of any other type is dropped, and nothing at all under a JSON type
 * is refused when a handler wants it. So is what is nested too deep. A guard, because only guards see the request
 * before pipes see the body.
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ScopedRequest>();
    if (!isJsonType(request.headers['content-type'])) request.body = undefined;
    else if (request.body === undefined) request.body = new UnreadableBody();
    else if (isTooDeep(request.body)) throw tooDeep();
    return true;
  }
}
