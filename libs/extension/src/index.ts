export { Browser } from './browser/browser.service.js';
export { type AuthenticationRequest, Authenticator } from './authentication/authenticator.port.js';
export { BasicAuthenticator, type Credentials } from './authentication/basic-authenticator.adapter.js';
export { Port, PORT_SPECIFICATION } from './boot/port.js';
export { BootError } from './boot/boot.error.js';
export { Clock, SystemClock } from './clock/clock.port.js';
export { inTime } from './clock/in-time.js';
export { LONGEST_TIMER } from './clock/longest-timer.js';
export { CredentialStore } from './credential/credential-store.port.js';
export { FileCredentialStore } from './credential/file-credential-store.adapter.js';
export { MemoryCredentialStore } from './credential/memory-credential-store.adapter.js';
export { jsonObject, PrivateJsonFile } from './credential/private-json-file.js';
export { CommandSource, type CommandSourceOptions } from './command-source/command-source.decorator.js';
export {
  COMMAND_SOURCE_SPECIFICATION,
  type CommandSourceHandler,
  type CommandTemplate,
  type SourcedCommand,
} from './command-source/command-source.js';
export { Environment, type EnvironmentPaths } from './environment/environment.port.js';
export { API_VERSION, SystemEnvironment } from './environment/system-environment.adapter.js';
export { AgentHook, type AgentHookOptions } from './hooks/agent-hook.decorator.js';
export { AGENT_HOOK_SPECIFICATION, type AgentHookHandler, type AgentHookMethods } from './hooks/agent-hook.js';
export type {
  CompactionRequest,
  HookContext,
  HookContextOf,
  HookPoint,
  HookPoints,
  HookValue,
  ModelCallContext,
  ModelParameters,
  ToolDefinition,
  ToolHookContext,
  UserMessageContext,
} from './hooks/hook-points.js';
export { HookError } from './hooks/hook.error.js';
export { HookRegistry } from './hooks/hook.registry.js';
export { ShellEnvironment } from './hooks/shell-environment.service.js';
export { agentDiscovery, AgentDiscovery, AgentDiscoveryModule } from './isolation/agent-discovery.service.js';
export { getAgentToken, InjectAgent, IsolatedAgent } from './isolation/isolated-agent.js';
export { Isolation, isolationOf, PerAgent, SharedByAgents } from './isolation/isolation.js';
export { isSecretName, KnownSecrets } from './secret/known-secrets.js';
export { LocalApi } from './local-api/local-api.port.js';
export {
  MODEL_PROVIDER_SPECIFICATION,
  type LanguageModelProvider,
  type ModelDeclaration,
  type ModelProviderContext,
} from './model-provider/language-model-provider.js';
export { ModelProvider, type ModelProviderOptions } from './model-provider/model-provider.decorator.js';
export {
  isExecutable,
  packageFilePath,
  readOwnFile,
  readPackageFile,
  requirePackage,
} from './package-file/package-file.js';
export { type ForeignModule, importFrom, importPackage } from './package/import-package.js';
export { NpmPackageInstaller } from './package/npm-package-installer.adapter.js';
export { withFileLock } from './lock/file-lock.js';
export { PackageInstaller, type InstalledPackage, type PackageRequest } from './package/package-installer.port.js';
export { PermissionPolicy, type PermissionCase } from './policy/permission-policy.port.js';
export { findOnPath, isProgram } from './process/find-program.js';
export { guardAgainstOrphans } from './process/orphan-guard.js';
export { endProcessTree } from './process/process-tree.js';
export { NodeProcessRunner } from './process/node-process-runner.adapter.js';
export {
  ProcessRunner,
  type ProcessRequest,
  type ProcessResult,
  type ProcessStart,
  type RunningProcess,
} from './process/process-runner.port.js';
export {
  PROVIDER_LOGIN_SPECIFICATION,
  type LoginContext,
  type LoginEffect,
  type LoginFlow,
  type LoginMethod,
  type LoginRequest,
  type LoginResult,
  type ProviderLogin,
  type ProviderLoginSourceHandler,
} from './provider-login/provider-login.js';
export {
  ProviderLoginSource,
  type ProviderLoginSourceOptions,
} from './provider-login/provider-login-source.decorator.js';
export { HostedSearch } from './search/hosted-search.adapter.js';
export { NoSearch } from './search/no-search.adapter.js';
export { SearchError, SearchUnavailableError } from './search/search.error.js';
export { SearchService, type CodeSearch, type WebSearch } from './search/search-service.port.js';
export { ShareService } from './share/share-service.port.js';
export { DuplicateIdError } from './storage/duplicate-id.error.js';
export { MessageStore, type HistoryQuery } from './storage/message-store.port.js';
export { ProjectStore } from './storage/project-store.port.js';
export { type RunClaim, RunClaimStore } from './storage/run-claim-store.port.js';
export { SessionStore, type SessionQuery } from './storage/session-store.port.js';
export { TodoStore } from './storage/todo-store.port.js';
export {
  SubagentRunner,
  type SubagentReport,
  type SubagentStart,
  type SubagentTask,
} from './subagent/subagent-runner.port.js';
export { AgentTool, type AgentToolOptions } from './tool/agent-tool.decorator.js';
export {
  AGENT_TOOL_SPECIFICATION,
  type AgentToolHandler,
  type HandOver,
  type NestedCalls,
  type ToolAttachment,
  type ToolContext,
  type ToolDescriptionContext,
  type ToolModel,
  type ToolPermission,
  type ToolProgress,
  type ToolResult,
} from './tool/agent-tool.js';
export { InvalidToolInputError } from './tool/invalid-tool-input.error.js';
export { toolOfHandler } from './tool/tool-of-handler.js';
export { TOOL_SOURCE_ORDER, ToolSource, type ToolSourceOptions } from './tool/tool-source.decorator.js';
export { TOOL_SOURCE_SPECIFICATION, type SourcedTool, type ToolSourceHandler } from './tool/tool-source.js';
export { authenticatorContract, type AuthenticatorUnderTest } from './testing/authenticator-contract.js';
export { type Closable, declareContract, within } from './testing/contract-case.js';
export { type ContractRunner, globalRunner } from './testing/contract-runner.js';
export { permissionPolicyContract, type PermissionPolicyUnderTest } from './testing/permission-policy-contract.js';
export { shareServiceContract, type ShareServiceUnderTest } from './testing/share-service-contract.js';
export {
  type AnyTool,
  toolContract,
  toolSourceContract,
  type ToolSourceUnderTest,
  type ToolUnderTest,
} from './testing/tool-contract.js';
