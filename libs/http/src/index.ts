export { InjectedApi } from './inside/injected-api.adapter.js';
export { LargeAnswer } from './answer/large-answer.js';
export { AnswersLong, LongAnswer } from './answer/long-answer.js';
export { DocController } from './document/doc.controller.js';
export { createOpenApiDocument } from './document/open-api-document.js';
export { Operation, type OperationOptions } from './document/operation.decorator.js';
export { HTTP_OPTIONS, type HttpOptions } from './http-options.js';
export { HttpModule, HttpOptionsModule } from './http.module.js';
export {
  DirectoryParameter,
  OpencodeController,
  type OpencodeControllerOptions,
} from './opencode-controller.decorator.js';
export { ClientSignal } from './scope/client-signal.decorator.js';
export { CurrentInstance } from './scope/current-instance.decorator.js';
export { DirectorySource } from './scope/directory-source.port.js';
export { InstanceScopeService } from './scope/instance-scope.service.js';
export { createFastifyAdapter } from './server/fastify-server.adapter.js';
export { useWireErrors } from './server/wire-errors.js';
export { EventStream } from './stream/event-stream.decorator.js';
export type { WebSocketPeer } from './socket/web-socket-peer.js';
export { WebSocketAnswer, WebSocketRoute } from './socket/web-socket-route.decorator.js';
