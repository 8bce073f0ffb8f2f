import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { DirectorySource } from './directory-source.port.js';
import { InstanceScopeService } from './instance-scope.service.js';
import { holdInstance, type ScopedRequest, type ScopedResponse, WATCHES } from './scoped-request.js';

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
    const watches = Reflect.getMetadata(WATCHES, context.getHandler()) === true;
    const lease = await this.scope.acquire(request, known, watches);
    if (watches) lease.watch();
    holdInstance(request, http.getResponse<ScopedResponse>(), lease);
    return true;
  }
}
