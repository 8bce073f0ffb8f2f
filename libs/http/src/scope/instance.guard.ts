import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { DirectorySource } from './directory-source.port.js';
import { InstanceScopeService } from './instance-scope.service.js';
import { holdInstance, type ScopedRequest, type ScopedResponse } from './scoped-request.js';

/** Chooses the instance of a request and holds it until the response is over. Bound by `@OpencodeController()`. */
@Injectable()
export class InstanceGuard implements CanActivate {
  constructor(
    private readonly scope: InstanceScopeService,
    @Optional() private readonly source?: DirectorySource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<ScopedRequest>();
    const known = await this.source?.directory(request.params ?? {});
    holdInstance(request, http.getResponse<ScopedResponse>(), await this.scope.acquire(request, known));
    return true;
  }
}
