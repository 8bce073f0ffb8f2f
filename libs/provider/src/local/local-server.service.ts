import type { LanguageModelV4 } from '@ai-sdk/provider';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Model } from '#libs/contract';
import { Clock, Environment, type ModelDeclaration, type ModelProviderContext } from '#libs/extension';
import { PROVIDER_OPTIONS, type ProviderOptions } from '../provider.options.js';
import { declare, type LocalModel, type LocalServer, serverURL } from './local-server.js';

/** Milliseconds a server on this machine has to answer. */
const PROBE_LIMIT = 1_000;
/** Milliseconds an answer, or its absence, is believed. */
const BELIEVED = 30_000;
/** Bytes of a model list; more comes from some other program. */
const MAX_LIST = 1_000_000;

interface Probe {
  at: number;
  models: Promise<LocalModel[]>;
}

/** Finds out whether model servers run on this machine, and speaks to them. */
@Injectable()
export class LocalServerService {
  private readonly probes = new Map<string, Probe>();

  constructor(
    private readonly environment: Environment,
    private readonly clock: Clock,
    @Optional() @Inject(PROVIDER_OPTIONS) private readonly options?: ProviderOptions,
  ) {}

  /** The models of a server; none when it does not run. Asks it at most every 30 s. */
  async models(server: LocalServer, context: ModelProviderContext): Promise<ModelDeclaration[]> {
    if (this.options?.localModels === false || this.environment.flag('OPENCODE_DISABLE_LOCAL_MODELS')) return [];
    const url = this.url(server, context);
    const known = this.probes.get(url);
    const fresh = known && this.clock.now() - known.at < BELIEVED;
    const probe = fresh ? known : { at: this.clock.now(), models: this.probe(server, url) };
    this.probes.set(url, probe);
    return (await probe.models).map((model) => declare(model, url));
  }

  async languageModel(server: LocalServer, model: Model, context: ModelProviderContext): Promise<LanguageModelV4> {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const { headers, ...options } = context.options;
    const provider = createOpenAICompatible({
      includeUsage: true,
      ...options,
      ...(context.key === undefined ? {} : { apiKey: context.key }),
      headers: headers as Record<string, string> | undefined,
      name: server.id,
      baseURL: this.url(server, context),
    });
    return provider.languageModel(model.api.id);
  }

  private url(server: LocalServer, { options }: ModelProviderContext): string {
    const host = server.id === 'ollama' ? this.environment.variables['OLLAMA_HOST'] : undefined;
    const written = typeof options['baseURL'] === 'string' ? options['baseURL'] : host;
    return (written && serverURL(written, server)) || server.defaultURL;
  }

  private async probe(server: LocalServer, url: string): Promise<LocalModel[]> {
    try {
      const response = await fetch(new URL(server.listPath, url), {
        signal: AbortSignal.timeout(PROBE_LIMIT),
        redirect: 'error',
      });
      const size = Number(response.headers.get('content-length') ?? 0);
      if (!response.ok || size > MAX_LIST) {
        await response.body?.cancel();
        return [];
      }
      return server.read(await response.json(), response.headers) ?? [];
    } catch {
      // nothing listens there, or something else: both are usual
      return [];
    }
  }
}
