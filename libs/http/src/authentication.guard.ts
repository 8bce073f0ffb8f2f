import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { WireError } from '#libs/contract';
import { Authenticator } from '#libs/extension';
import { InjectedApi } from './inside/injected-api.adapter.js';
import type { ScopedRequest } from './scope/scoped-request.js';

/** Nobody knows who asks. */
class UnauthorizedError extends WireError {
  constructor() {
    super('UnauthorizedError', 401, { message: 'This needs credentials' });
  }
}

/** Asks the {@link Authenticator} of the application, where there is one. Bound by `@OpencodeController()`. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    @Optional() private readonly authenticator?: Authenticator,
    @Optional() private readonly api?: InjectedApi,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { authenticator } = this;
    if (!authenticator) return true;
    const http = context.switchToHttp();
    const { method, url, headers } = http.getRequest<ScopedRequest & { method: string; url: string }>();
    if (this.api?.isOwn(headers) || (await authenticator.authenticate({ method, url, headers }))) return true;
    const response = http.getResponse<{ header(name: string, value: string): unknown }>();
    if (authenticator.challenge !== undefined) response.header('www-authenticate', authenticator.challenge);
    throw new UnauthorizedError();
  }
}
