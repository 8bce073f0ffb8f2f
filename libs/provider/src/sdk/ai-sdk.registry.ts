import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { errorText, PackageInstallError } from '#libs/contract';
import { Environment, importPackage, PackageInstaller } from '#libs/extension';
import type { AiSdkAdapter, AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';
import { AiSdkRegistration } from './ai-sdk-provider.module.js';
import { packageFactory } from './package-factory.js';
import { ProviderInitError } from './provider-init.error.js';

/** A package, perhaps with a path inside it and a version: `@scope/name/path@1.2.3`. */
const PACKAGE = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)((?:\/[\w.~-]+)*)(?:@([\w.^~<>=*-]+))?$/i;

/** The AI SDK packages that can be used, by name. */
@Injectable()
export class AiSdkRegistry implements OnModuleInit {
  private readonly adapters = new Map<string, AiSdkAdapter>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly installer: PackageInstaller,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (!(instance instanceof AiSdkRegistration)) continue;
      const known = this.adapters.get(instance.npm);
      if (known && known !== instance)
        throw new Error(
          `AiSdkProviderModule.register was called twice for the package ${instance.npm}. ` +
            `Keep one of the two registrations (${instance.npm} may come with the server already).`,
        );
      this.adapters.set(instance.npm, instance);
    }
  }

  /**
   * The model factory of a package, configured. Packages nobody registered are imported by name, or from a `file://`
   * address; those that are not here are installed.
   */
  async create(npm: string, options: AiSdkOptions): Promise<LanguageModelFactory> {
    const [, name = npm, path = ''] = PACKAGE.exec(npm) ?? [];
    const load = (wanted: string) => this.load(wanted === name + path ? npm : wanted, options.name);
    const adapter = this.adapters.get(npm) ?? this.loading(name + path);
    if (adapter) return await adapter.create(options, { environment: this.environment, load });
    return packageFactory(await load(npm), npm, options);
  }

  /** An adapter that takes any version of its package. */
  private loading(npm: string): AiSdkAdapter | undefined {
    const adapter = this.adapters.get(npm);
    return adapter?.loads ? adapter : undefined;
  }

  private async load(npm: string, providerID: string): Promise<Record<string, unknown>> {
    const [, name, path = '', version] = PACKAGE.exec(npm) ?? [];
    if (!name && !npm.startsWith('file://'))
      throw new ProviderInitError(providerID, `"${npm}" is not the name of an npm package (provider ${providerID})`);
    try {
      if (!name) return await importPackage(npm);
      const beside = version === undefined ? await importPackage(npm).catch(() => undefined) : undefined;
      if (beside) return beside;
      const { directory } = await this.installer.install({ name, ...(version === undefined ? {} : { version }) });
      return await importPackage(name + path, directory);
    } catch (error) {
      throw new ProviderInitError(
        providerID,
        `Provider ${providerID} needs the package ${npm}, which could not be loaded: ${reasonOf(error)}. ` +
          (name ? `It can also be installed beside the server: npm install ${name}` : 'Check the address.'),
        { cause: error },
      );
    }
  }
}

/** What kept a package from being loaded, in one line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof PackageInstallError)) return errorText(error);
  return error.message.split('\n', 1)[0] ?? '';
}
