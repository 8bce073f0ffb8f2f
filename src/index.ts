// The public API of the package. What is named here keeps its meaning within a major version; test/architecture pins it.

// the agent, with and without its HTTP side
export { OpencodeModule, type OpencodeExtras, type OpencodeOptions, type StorageModule } from '#libs/core';
export { OpencodeHttpModule, type OpencodeHttpOptions } from '#libs/api';

// services to inject
export { AgentService, CommandService } from '#libs/agent';
export { ConfigEditor, ConfigService, SkillService, type ConfigSource } from '#libs/config';
export { EventBus, PublishedEvent, type WireEventOf } from '#libs/event';
export { Instance, InstanceState, InstanceStore, type InstanceLease } from '#libs/instance';
export {
  PermissionService,
  QuestionService,
  type PermissionAsk,
  type PermissionOptions,
  type UnansweredAction,
} from '#libs/permission';
export {
  FileContentService,
  FileListService,
  FileSearchService,
  FileStatusService,
  TextSearchService,
} from '#libs/file';
export { ProjectService, Vcs, WorktreeService } from '#libs/project';
export { CodeQueryService, FormatterService, LspService } from '#libs/lsp';
export { McpAuthService, McpResources, McpService } from '#libs/mcp';
export { LoginService, ProviderService } from '#libs/provider';
export {
  CommandRunner,
  HistoryService,
  SessionAsks,
  SessionRunner,
  SessionService,
  SessionStatisticsService,
  SessionTransfer,
  ShellRunner,
  type ModelUse,
  type PromptReceipt,
  type SessionExport,
  type SessionStatistics,
  type StatisticsQuery,
  type TokenSums,
} from '#libs/session';
export { PtyService, type PtyOptions, type TerminalClient } from '#libs/pty';
export { ToolRegistry } from '#libs/tool';
export { TuiControl, TuiService, type TuiRequestOptions } from '#libs/tui';

// what plugins write: tools, models, logins, commands
export {
  AGENT_HOOK_SPECIFICATION,
  AGENT_TOOL_SPECIFICATION,
  COMMAND_SOURCE_SPECIFICATION,
  AgentHook,
  AgentTool,
  HookError,
  HookRegistry,
  CommandSource,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  PROVIDER_LOGIN_SPECIFICATION,
  ProviderLoginSource,
  TOOL_SOURCE_ORDER,
  TOOL_SOURCE_SPECIFICATION,
  ToolSource,
  type AgentHookHandler,
  type AgentHookMethods,
  type AgentHookOptions,
  type AgentToolHandler,
  type AgentToolOptions,
  type CommandSourceHandler,
  type CommandSourceOptions,
  type CompactionRequest,
  type HandOver,
  type HookContext,
  type HookContextOf,
  type HookPoint,
  type HookPoints,
  type HookValue,
  type LanguageModelProvider,
  type LoginContext,
  type LoginEffect,
  type LoginFlow,
  type LoginMethod,
  type LoginRequest,
  type LoginResult,
  type ModelCallContext,
  type ModelDeclaration,
  type ModelParameters,
  type ModelProviderContext,
  type ModelProviderOptions,
  type NestedCalls,
  type ProviderLogin,
  type ProviderLoginSourceHandler,
  type ProviderLoginSourceOptions,
  type SourcedCommand,
  type SourcedTool,
  type ToolAttachment,
  type ToolContext,
  type ToolDefinition,
  type ToolDescriptionContext,
  type ToolHookContext,
  type ToolModel,
  type ToolPermission,
  type ToolProgress,
  type ToolResult,
  type ToolSourceHandler,
  type ToolSourceOptions,
  type UserMessageContext,
} from '#libs/extension';
export { AiSdkProviderModule } from '#libs/provider';

// ports to replace, and their default adapters
export {
  Authenticator,
  BasicAuthenticator,
  BootError,
  Clock,
  CredentialStore,
  DuplicateIdError,
  Environment,
  FileCredentialStore,
  getAgentToken,
  HostedSearch,
  InjectAgent,
  IsolatedAgent,
  KnownSecrets,
  MemoryCredentialStore,
  MessageStore,
  NodeProcessRunner,
  PermissionPolicy,
  NpmPackageInstaller,
  PackageInstaller,
  ProcessRunner,
  ProjectStore,
  RunClaimStore,
  SearchError,
  SearchService,
  SearchUnavailableError,
  SessionStore,
  ShareService,
  ShellEnvironment,
  SystemClock,
  SystemEnvironment,
  TodoStore,
  type CodeSearch,
  type EnvironmentPaths,
  type HistoryQuery,
  type AuthenticationRequest,
  type Credentials,
  type PermissionCase,
  type InstalledPackage,
  type PackageRequest,
  type ProcessRequest,
  type ProcessResult,
  type ProcessStart,
  type RunClaim,
  type RunningProcess,
  type SessionQuery,
  type WebSearch,
} from '#libs/extension';
export { MemoryStorageModule, MemoryStores, MissingOwnerError, SqliteStorageModule, type Stores } from '#libs/storage';

// own routes under the same rules
export {
  AnswersLong,
  ClientSignal,
  CurrentInstance,
  DirectorySource,
  EventStream,
  HTTP_OPTIONS,
  HttpModule,
  LongAnswer,
  OpencodeController,
  Operation,
  WebSocketAnswer,
  WebSocketRoute,
  type HttpOptions,
  type OpencodeControllerOptions,
  type OperationOptions,
  type WebSocketPeer,
} from '#libs/http';

// the wire contract: fields for DTO classes, errors, types
export {
  AnyField,
  ArrayField,
  BadRequestError,
  BooleanField,
  ConflictError,
  createId,
  EnumField,
  ForbiddenError,
  InvalidRequestError,
  item,
  LiteralField,
  NotFoundError,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
  WireError,
} from '#libs/contract';
export type {
  Agent,
  AssistantMessage,
  Auth,
  Config,
  EventMap,
  EventType,
  FilePart,
  Message,
  MessageWithParts,
  Model,
  Part,
  PermissionRequest,
  PermissionRuleset,
  Project,
  PromptInput,
  ProviderConfig,
  Pty,
  PtyCreateInput,
  PtyUpdateInput,
  Session,
  SessionCreateInput,
  SessionStatus,
  TextPart,
  Todo,
  ToolPart,
  TuiControlRequest,
  UserMessage,
} from '#libs/contract';

// the standalone server, for programs that start it themselves
export { ListenFailedError } from './listen-failed.error.js';
export { createServer, type RunningServer, type ServerOptions } from './server.js';
