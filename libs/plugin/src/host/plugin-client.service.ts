import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { OpencodeClient } from '@opencode-ai/sdk/client';
import { LocalApi } from '#libs/extension';
import type { Instance } from '#libs/instance';

/** What plugins are told where nobody listens. */
const NOWHERE = new URL('http://127.0.0.1:4096');

/** Makes the clients that plugins speak to the server with: the official one, without a network in between. */
@Injectable()
export class PluginClients {
  constructor(private readonly modules: ModuleRef) {}

  get serverUrl(): URL {
    return this.api()?.url ?? NOWHERE;
  }

  async create({ directory }: Instance): Promise<OpencodeClient> {
    const { createOpencodeClient } = await import('@opencode-ai/sdk/client');
    const fetch = (input: Request | URL | string, init?: RequestInit) => this.fetch(new Request(input, init));
    return createOpencodeClient({ baseUrl: this.serverUrl.href.replace(/\/$/, ''), directory, fetch });
  }

  private async fetch(request: Request): Promise<Response> {
    const api = this.api();
    if (!api)
      throw new Error('This application has no HTTP side for the client of a plugin: import OpencodeHttpModule.');
    return api.fetch(request);
  }

  /** Looked for when it is needed: the HTTP side is a module of its own, which may be left out. */
  private api(): LocalApi | undefined {
    try {
      return this.modules.get(LocalApi, { strict: false });
    } catch {
      return undefined;
    }
  }
}
