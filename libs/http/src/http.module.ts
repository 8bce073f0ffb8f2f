import { type DynamicModule, Module } from '@nestjs/common';
import { DocumentService } from './document/document.service.js';
import { AgentDiscoveryModule, LocalApi, PerAgent, SharedByAgents } from '#libs/extension';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.js';
import { InjectedApi } from './inside/injected-api.adapter.js';
import { InstanceScopeService } from './scope/instance-scope.service.js';
import { WebSocketUpgrades } from './socket/web-socket-upgrades.service.js';

/** There once in an application, as its HTTP server is. */
@SharedByAgents()
@Module({ providers: [WebSocketUpgrades], exports: [WebSocketUpgrades] })
class WebSocketModule {}

/**
 * What controllers marked with {@link OpencodeController} need: import it into the module that declares them.
 * It takes InstanceStore and Environment from the global providers of the core.
 * @publicApi
 */
@PerAgent()
@Module({
  imports: [AgentDiscoveryModule, WebSocketModule],
  providers: [DocumentService, InjectedApi, InstanceScopeService, { provide: LocalApi, useExisting: InjectedApi }],
  exports: [DocumentService, InjectedApi, InstanceScopeService, LocalApi, WebSocketModule],
})
export class HttpModule {}

/** Settings of the edge, for every controller of the application. Global, but it provides its own token only. */
@Module({})
export class HttpOptionsModule {
  static forRoot(options: HttpOptions): DynamicModule {
    return {
      module: HttpOptionsModule,
      global: true,
      providers: [{ provide: HTTP_OPTIONS, useValue: options }],
      exports: [HTTP_OPTIONS],
    };
  }
}
