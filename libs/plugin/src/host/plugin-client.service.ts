import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { OpencodeClient } from '@opencode-ai/sdk/client';
import { LocalApi } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ClientUnavailableError } from '../plugin.error.js';
import { redirectStreams } from './event-streams.js';

/** What plugins are told where nobody listens. */
const NOWHERE = new URL('http://127.0.0.1:4096');

/** Makes the clients that plugins speak to the server with: the official one, without a network in between. */
@Injectable()
export class PluginClients {
  constructor(private readonly discovery: DiscoveryService) {}

  get serverUrl(): URL {
    return this.api()?.url ?? NOWHERE;
  }

  /** Its event streams end with the instance. Without an HTTP side all its calls reject with a ClientUnavailableError. */
  async create({ directory, signal }: Instance): Promise<OpencodeClient> {
    const { createOpencodeClient } = await import('@opencode-ai/sdk/client');
    const fetch = (input: Request | URL | string, init?: RequestInit) => this.fetch(new Request(input, init));
    const config = { baseUrl: this.serverUrl.href.replace(/\/$/, ''), directory, fetch };
    const client = createOpencodeClient(config);
    redirectStreams(client, { config, end: signal, check: () => void this.reachable() });
    return client;
  }

  private async fetch(request: Request): Promise<Response> {
    return this.reachable().fetch(request);
  }

  private reachable(): LocalApi {
    const api = this.api();
    if (!api) throw new ClientUnavailableError();
    return api;
  }

  /** Looked for when it is needed: the HTTP side is a module of its own, which may be left out. */
  private api(): LocalApi | undefined {
    const found = this.discovery.getProviders().find(({ token }) => token === LocalApi);
    return found?.instance as LocalApi | undefined;
  }
}
