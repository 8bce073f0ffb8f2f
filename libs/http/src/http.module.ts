import { Module } from '@nestjs/common';
import { DocumentService } from './document/document.service.js';
import { InstanceScopeService } from './scope/instance-scope.service.js';

/**
 * What controllers marked with {@link OpencodeController} need: import it into the module that declares them.
 * It takes InstanceStore and Environment, and HTTP_OPTIONS if there are any, from the global providers of the core.
 * @publicApi
 */
@Module({
  providers: [DocumentService, InstanceScopeService],
  exports: [DocumentService, InstanceScopeService],
})
export class HttpModule {}
