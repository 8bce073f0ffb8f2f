import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

/** Names that an entry of the package exports, types included, as its source says. */
function exportedNames(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  expect(text).not.toMatch(/export\s+\*/);
  return [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)]
    .flatMap(([, type = '', names]) =>
      names!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => (type !== '' && !name.startsWith('type ') ? `type ${name}` : name)),
    )
    .sort();
}

/**
 * A change here is a change for users of the package: adding is fine, taking away or renaming waits for a major version.
 */
describe('public API', () => {
  it('of the package', () => {
    expect(exportedNames('src/index.ts')).toMatchInlineSnapshot(`
     [
       "AgentService",
       "AgentTool",
       "AiSdkProviderModule",
       "AnswersLong",
       "AnyField",
       "ArrayField",
       "BadRequestError",
       "BooleanField",
       "BootError",
       "ClientSignal",
       "Clock",
       "CommandRunner",
       "CommandService",
       "ConfigService",
       "ConflictError",
       "CredentialStore",
       "CurrentInstance",
       "DirectorySource",
       "DuplicateIdError",
       "EnumField",
       "Environment",
       "EventBus",
       "EventStream",
       "FileCredentialStore",
       "ForbiddenError",
       "HTTP_OPTIONS",
       "HttpModule",
       "Instance",
       "InstanceState",
       "InstanceStore",
       "InvalidRequestError",
       "ListenFailedError",
       "LiteralField",
       "LongAnswer",
       "MODEL_PROVIDER_SPECIFICATION",
       "MemoryCredentialStore",
       "MemoryStorageModule",
       "MessageStore",
       "ModelProvider",
       "NodeProcessRunner",
       "NotFoundError",
       "NumberField",
       "ObjectField",
       "OpencodeController",
       "OpencodeHttpModule",
       "OpencodeModule",
       "Operation",
       "PROVIDER_LOGIN_SPECIFICATION",
       "PermissionService",
       "ProcessRunner",
       "ProjectService",
       "ProjectStore",
       "ProviderLoginSource",
       "ProviderService",
       "PublishedEvent",
       "QuestionService",
       "RecordField",
       "SessionRunner",
       "SessionService",
       "SessionStore",
       "ShareService",
       "ShellRunner",
       "SqliteStorageModule",
       "StringField",
       "SystemClock",
       "SystemEnvironment",
       "TodoStore",
       "ToolRegistry",
       "TuiControl",
       "TuiService",
       "UnionField",
       "Vcs",
       "WireError",
       "createId",
       "createServer",
       "type Agent",
       "type AgentToolHandler",
       "type AgentToolOptions",
       "type AssistantMessage",
       "type Auth",
       "type Config",
       "type EnvironmentPaths",
       "type EventMap",
       "type EventType",
       "type FilePart",
       "type HistoryQuery",
       "type HttpOptions",
       "type InstanceLease",
       "type LanguageModelProvider",
       "type LoginContext",
       "type LoginEffect",
       "type LoginFlow",
       "type LoginMethod",
       "type LoginRequest",
       "type LoginResult",
       "type Message",
       "type MessageWithParts",
       "type Model",
       "type ModelDeclaration",
       "type ModelProviderContext",
       "type ModelProviderOptions",
       "type OpencodeControllerOptions",
       "type OpencodeExtras",
       "type OpencodeOptions",
       "type OperationOptions",
       "type Part",
       "type PermissionAsk",
       "type PermissionOptions",
       "type PermissionRequest",
       "type PermissionRuleset",
       "type ProcessRequest",
       "type ProcessResult",
       "type ProcessStart",
       "type Project",
       "type PromptInput",
       "type PromptReceipt",
       "type ProviderConfig",
       "type ProviderLogin",
       "type ProviderLoginSourceHandler",
       "type ProviderLoginSourceOptions",
       "type RunningProcess",
       "type RunningServer",
       "type ServerOptions",
       "type Session",
       "type SessionCreateInput",
       "type SessionQuery",
       "type SessionStatus",
       "type StorageModule",
       "type TextPart",
       "type Todo",
       "type ToolAttachment",
       "type ToolContext",
       "type ToolDescriptionContext",
       "type ToolPart",
       "type ToolPermission",
       "type ToolProgress",
       "type ToolResult",
       "type TuiControlRequest",
       "type TuiRequestOptions",
       "type UnansweredAction",
       "type UserMessage",
       "type WireEventOf",
     ]
    `);
  });

  it('of ./testing', () => {
    expect(exportedNames('src/testing.ts')).toMatchInlineSnapshot(`
     [
       "EventReader",
       "Gate",
       "ScriptedModel",
       "ScriptedReply",
       "TemporaryProject",
       "TestServer",
       "isTitleRequest",
       "plain",
       "reply",
       "scriptedProvider",
       "storageContract",
       "type ChatMessage",
       "type ChatRequest",
       "type ContractRunner",
       "type EventMatcher",
       "type ModelRequest",
       "type OpenStorage",
       "type ReceivedEvent",
       "type RequestMatcher",
       "type ScriptedToolCall",
       "type ScriptedUsage",
       "type TemporaryProjectOptions",
       "type TestReply",
       "type TestRequest",
       "type TestServerOptions",
     ]
    `);
  });

  it('has no other entries', () => {
    const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(Object.keys(entries)).toEqual(['.', './testing', './package.json']);
  });
});
