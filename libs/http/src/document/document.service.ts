import { Injectable } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { createHash } from 'node:crypto';
import { createOpenApiDocument } from './open-api-document.js';

/** The OpenAPI document of the running application, or of one of its agents, made when it is first asked for. */
@Injectable()
export class DocumentService {
  private made?: { text: string; tag: string };

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** As JSON. */
  get text(): string {
    return this.get().text;
  }

  /** Entity tag of {@link text}. */
  get tag(): string {
    return this.get().tag;
  }

  private get() {
    this.made ??= this.make();
    return this.made;
  }

  private make() {
    const hosts = this.discovery.getControllers().flatMap(({ host }) => (host ? [[host.id, host] as const] : []));
    const { applicationId } = this.modules;
    const modules = Object.assign(new Map(hosts), { applicationId });
    // a controller cannot reach the application object; these are the parts of it that @nestjs/swagger reads
    const app = {
      container: { getModules: () => modules },
      config: this.config,
      getHttpAdapter: () => this.adapterHost.httpAdapter,
    };
    const text = JSON.stringify(createOpenApiDocument(app));
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    return { text, tag };
  }
}
