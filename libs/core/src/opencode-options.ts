import { ConfigurableModuleBuilder, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import type {
  Authenticator,
  Clock,
  CredentialStore,
  Environment,
  KnownSecrets,
  PackageInstaller,
  PermissionPolicy,
  ProcessRunner,
  SearchService,
  ShareService,
} from '#libs/extension';
import type { PermissionOptions } from '#libs/permission';
import type { PtyOptions } from '#libs/pty';

/** A module that provides and exports the storage ports. @publicApi */
export type StorageModule = Type<object> | DynamicModule;

/** What can be settled when the application starts. @publicApi */
export interface OpencodeOptions {
  /**
   * What the server sees of the world. Without it: the home directory of the user, no environment variables (so no API
   * keys either), and the home directory for requests that name none.
   *
   * @example environment: new SystemEnvironment(process.env, process.cwd())
   */
  environment?: Environment;
  /** Absolute path of the SQLite file. Default: `opencode-nest.db` in the data directory of the environment. */
  database?: string;
  /** Milliseconds after which a project directory nobody uses is let go. Default 30 minutes. */
  idleTimeout?: number;
  /** Whether model servers on this machine (Ollama, LM Studio, llama.cpp) are looked for. Default true. */
  localModels?: boolean;
  /** Whether the catalogue of models is downloaded from models.dev, at the start and every hour. Default false. */
  refreshCatalogue?: boolean;
  /** How long permissions and questions wait for an answer, and what happens then. Default: for ever. */
  asks?: PermissionOptions;
  /** How many terminals clients may open; `{ limit: 0 }` forbids them. Default 64 per directory. */
  terminals?: PtyOptions;
  /** Where keys and logins are kept. Default: `auth.json` in the data directory of the environment. */
  credentialStore?: CredentialStore;
  /** Where the server notes what must not be seen; give one to hide the same in a logger of your own. */
  secrets?: KnownSecrets;
  /** Who may use the routes. Without it whoever passes the guards of the application. */
  authenticator?: Authenticator;
  /** The last word on what agents may do. Without it the rules decide. */
  permissionPolicy?: PermissionPolicy;
  /**
   * Whether plugins and tool files that projects and people bring are run. They are code with the rights of the server.
   * Default true.
   */
  plugins?: boolean;
  clock?: Clock;
  processRunner?: ProcessRunner;
  /** How packages that a project asks for come to this machine. Default: the `npm` on the search path. */
  packageInstaller?: PackageInstaller;
  /**
   * What the tools `websearch` and `codesearch` ask. Default: the hosted service, where variables switch it on. With
   * false nobody is asked, and the tools fail with a SearchUnavailableError where variables switch them on.
   */
  searchService?: SearchService | false;
  /** Where sessions are published when somebody shares them. Without it sharing answers with an error. */
  shareService?: ShareService;
}

/** What shapes the module itself and must be known at once, in `forRootAsync` too. @publicApi */
export interface OpencodeExtras {
  /** Where sessions are kept. Default `sqlite`. */
  storage?: 'sqlite' | 'memory' | StorageModule;
  /**
   * Lets every module of the application inject the services this one exports; of an isolated agent only its
   * IsolatedAgent. Default false.
   */
  isGlobal?: boolean;
  /**
   * Makes this one of several agents of the application, with services, storage, instances and events of its own. The
   * name: letters, digits, `-` and `_`. Its SQLite file is `opencode-nest-<name>.db` unless `database` says otherwise.
   */
  isolated?: string;
  /**
   * Modules with tools, models, hooks and @OnEvent handlers. An isolated agent gets a copy of each for itself, and
   * finds nothing in other modules; what the listed modules import stays shared with the application.
   */
  modules?: (Type<object> | DynamicModule)[];
  /** Modules whose exports the options factory needs. */
  imports?: ModuleMetadata['imports'];
}

export const {
  ConfigurableModuleClass: OptionsModuleClass,
  MODULE_OPTIONS_TOKEN: OPENCODE_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<OpencodeOptions>({ moduleName: 'Opencode' })
  .setClassMethodName('forRoot')
  .setExtras<OpencodeExtras>({}, (definition) => definition)
  .build();
