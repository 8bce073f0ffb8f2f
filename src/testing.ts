export {
  authenticatorContract,
  permissionPolicyContract,
  shareServiceContract,
  toolContract,
  toolSourceContract,
  type AnyTool,
  type AuthenticatorUnderTest,
  type ContractRunner,
  type PermissionPolicyUnderTest,
  type ShareServiceUnderTest,
  type ToolSourceUnderTest,
  type ToolUnderTest,
} from '#libs/extension';
export { modelProviderContract, type ModelProviderUnderTest } from '#libs/provider';
export {
  runClaimContract,
  storageContract,
  type OpenRunClaims,
  type OpenStorage,
  type RunClaimServers,
} from '#libs/storage';
export { EventReader, type EventMatcher, type ReceivedEvent } from './testing/event-reader.js';
export {
  isTitleRequest,
  plain,
  ScriptedModel,
  type ChatMessage,
  type ChatRequest,
  type ModelRequest,
  type RequestMatcher,
} from './testing/scripted-model.js';
export { Gate, reply, ScriptedReply, type ScriptedToolCall, type ScriptedUsage } from './testing/scripted-reply.js';
export { scriptedProvider, TemporaryProject, type TemporaryProjectOptions } from './testing/temporary-project.js';
export { type TestReply, type TestRequest } from './testing/test-request.js';
export { TestServer, type TestServerOptions } from './testing/test-server.js';
