import { Module } from '@nestjs/common';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  Authenticator,
  Clock,
  CredentialStore,
  Environment,
  FileCredentialStore,
  HostedSearch,
  KnownSecrets,
  LONGEST_TIMER,
  NodeProcessRunner,
  NpmPackageInstaller,
  PackageInstaller,
  PermissionPolicy,
  ProcessRunner,
  NoSearch,
  SearchService,
  ShareService,
  SystemClock,
  SystemEnvironment,
} from '#libs/extension';
import { INSTANCE_STORE_OPTIONS, type InstanceStoreOptions } from '#libs/instance';
import { PERMISSION_OPTIONS, type PermissionOptions } from '#libs/permission';
import { PLUGIN_OPTIONS, type PluginOptions } from '#libs/plugin';
import { PROVIDER_OPTIONS, type ProviderOptions } from '#libs/provider';
import { PTY_OPTIONS, type PtyOptions } from '#libs/pty';
import { OPENCODE_OPTIONS, type OpencodeOptions, OptionsModuleClass } from './opencode-options.js';

/** The options, and the ports to the outside world that follow from them. */
@Module({
  providers: [
    {
      provide: Environment,
      useFactory: (options: OpencodeOptions) => options.environment ?? new SystemEnvironment({}, homedir()),
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: Clock,
      useFactory: (options: OpencodeOptions) => options.clock ?? new SystemClock(),
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: CredentialStore,
      useFactory: ({ credentialStore }: OpencodeOptions, { paths }: Environment) =>
        credentialStore ?? new FileCredentialStore(join(paths.data, 'auth.json')),
      inject: [OPENCODE_OPTIONS, Environment],
    },
    {
      provide: KnownSecrets,
      useFactory: ({ secrets = new KnownSecrets() }: OpencodeOptions, { variables }: Environment) => {
        secrets.addNamed(variables);
        return secrets;
      },
      inject: [OPENCODE_OPTIONS, Environment],
    },
    {
      provide: ProcessRunner,
      useFactory: (options: OpencodeOptions) => options.processRunner ?? new NodeProcessRunner(),
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PackageInstaller,
      useFactory: (options: OpencodeOptions, environment: Environment, processes: ProcessRunner) =>
        options.packageInstaller ?? new NpmPackageInstaller(environment, processes),
      inject: [OPENCODE_OPTIONS, Environment, ProcessRunner],
    },
    {
      provide: SearchService,
      useFactory: ({ searchService }: OpencodeOptions, environment: Environment) =>
        searchService === false ? new NoSearch(environment) : (searchService ?? new HostedSearch(environment)),
      inject: [OPENCODE_OPTIONS, Environment],
    },
    {
      provide: ShareService,
      useFactory: (options: OpencodeOptions) => options.shareService,
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: Authenticator,
      useFactory: (options: OpencodeOptions) => options.authenticator,
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PermissionPolicy,
      useFactory: (options: OpencodeOptions) => options.permissionPolicy,
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: INSTANCE_STORE_OPTIONS,
      useFactory: ({ idleTimeout }: OpencodeOptions): Partial<InstanceStoreOptions> =>
        idleTimeout === undefined ? {} : { idleTimeout: Math.min(idleTimeout, LONGEST_TIMER) },
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PROVIDER_OPTIONS,
      useFactory: ({ localModels, refreshCatalogue }: OpencodeOptions): ProviderOptions => ({
        ...(localModels === undefined ? {} : { localModels }),
        ...(refreshCatalogue === undefined ? {} : { refreshCatalogue }),
      }),
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PLUGIN_OPTIONS,
      useFactory: ({ plugins }: OpencodeOptions): PluginOptions => (plugins === undefined ? {} : { enabled: plugins }),
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PERMISSION_OPTIONS,
      useFactory: ({ asks }: OpencodeOptions): PermissionOptions => asks ?? {},
      inject: [OPENCODE_OPTIONS],
    },
    {
      provide: PTY_OPTIONS,
      useFactory: ({ terminals }: OpencodeOptions): PtyOptions => terminals ?? {},
      inject: [OPENCODE_OPTIONS],
    },
  ],
  exports: [
    Authenticator,
    Environment,
    Clock,
    CredentialStore,
    KnownSecrets,
    ProcessRunner,
    PackageInstaller,
    SearchService,
    ShareService,
    PermissionPolicy,
    INSTANCE_STORE_OPTIONS,
    PROVIDER_OPTIONS,
    PERMISSION_OPTIONS,
    PLUGIN_OPTIONS,
    PTY_OPTIONS,
    OPENCODE_OPTIONS,
  ],
})
export class WorldModule extends OptionsModuleClass {}
