import { Injectable } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { createHash } from 'node:crypto';
import { createOpenApiDocument } from './open-api-document.js';

/** The OpenAPI document of the running application, made when it is first asked for. */
@Injectable()
export class DocumentService {
  private made?: { text: string; tag: string };

  constructor(
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
    // a controller cannot reach the application object; these are the parts of it that @nestjs/swagger reads
    const app = {
      container: { getModules: () => this.modules },
      config: this.config,
      getHttpAdapter: () => this.adapterHost.httpAdapter,
    };
    const text = JSON.stringify(createOpenApiDocument(app));
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    return { text, tag };
  }
}
