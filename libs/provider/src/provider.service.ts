import type { LanguageModelV4 } from '@ai-sdk/provider';
import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConfigProvidersResponse,
  InvalidRequestError,
  type Model,
  type ModelRef,
  type Provider,
  type ProviderListResponse,
  ProviderModelNotFoundError,
} from '#libs/contract';
import { Environment, HookRegistry, type ModelCallContext } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { type MessageError, toMessageError } from './answer/message-error.js';
import { parseModelName } from './choice/model-name.js';
import { smallModelOf } from './choice/small-model.js';
import { sortModels } from './choice/sort-models.js';
import { suggestionsFor } from './choice/suggestions.js';
import { LanguageModelService } from './language-model.service.js';
import { ProviderRegistry } from './provider.registry.js';
import { ProviderSnapshotService } from './provider-snapshot.service.js';
import type { ProviderSnapshot } from './provider-snapshot.js';
import {
  type CallSettings,
  callSettings,
  type CallSettingsInput,
  headersOf,
  parametersOf,
} from './request/call-settings.js';

/** Answers which providers and models an instance has, chooses among them, and gives out language models. @publicApi */
@Injectable()
export class ProviderService {
  constructor(
    private readonly snapshots: ProviderSnapshotService,
    private readonly languageModels: LanguageModelService,
    private readonly registry: ProviderRegistry,
    private readonly environment: Environment,
    private readonly hooks: HookRegistry,
  ) {}

  /** Every known provider, and which of them are connected. Without secrets. */
  async list(instance: Instance): Promise<ProviderListResponse> {
    return await (await this.snapshots.get(instance)).listResponse();
  }

  /** {@link list} as JSON text: large, so made once and sent as it is. */
  async listText(instance: Instance): Promise<string> {
    return await (await this.snapshots.get(instance)).listText();
  }

  /** The connected providers. Without secrets. */
  async configured(instance: Instance): Promise<ConfigProvidersResponse> {
    return (await this.snapshots.get(instance)).configuredResponse();
  }

  /** {@link configured} as JSON text. */
  async configuredText(instance: Instance): Promise<string> {
    return (await this.snapshots.get(instance)).configuredText;
  }

  /** A connected provider with its secrets: for use inside the server only. */
  async find(instance: Instance, providerID: string): Promise<Provider | undefined> {
    return (await this.snapshots.get(instance)).connected.get(providerID);
  }

  /** Rejects with ProviderModelNotFoundError, which names similar models. */
  async model(instance: Instance, ref: ModelRef): Promise<Model> {
    return (await this.resolve(instance, ref)).model;
  }

  /**
   * The model for a prompt that names none: of the configuration, the one used last, or the first of the first
   * connected provider. The offline guide only when there is nothing else.
   */
  async defaultModel(instance: Instance): Promise<ModelRef> {
    const snapshot = await this.snapshots.get(instance);
    const { config } = snapshot.input;
    if (config.model) return parseModelName(config.model);
    const recent = await this.recentModel(snapshot);
    if (recent) return recent;
    const named = config.provider && Object.keys(config.provider);
    const providers = [...snapshot.connected.values()];
    const provider = providers.find(({ id }) => !named || named.includes(id)) ?? providers[0];
    const model = provider && sortModels(Object.values(provider.models))[0];
    if (!model)
      throw new InvalidRequestError(
        'No providers found: every provider is switched off by enabled_providers or disabled_providers',
      );
    return { providerID: provider.id, modelID: model.id };
  }

  /** The model for short calls beside a run with `model`; that model itself when there is no smaller one. */
  async smallModel(instance: Instance, model: Model): Promise<Model> {
    const snapshot = await this.snapshots.get(instance);
    const named = snapshot.input.config.small_model;
    if (named) return await this.model(instance, parseModelName(named));
    const provider = snapshot.connected.get(model.providerID);
    // what runs on this machine stays on this machine
    if (!provider || this.registry.find(provider.id)) return model;
    const region = this.environment.variables['AWS_REGION'];
    return smallModelOf(provider, region) ?? snapshot.connected.get('opencode')?.models['gpt-5-nano'] ?? model;
  }

  /** The AI SDK language model. Rejects with ProviderInitError when its package or settings are missing. */
  async languageModel(instance: Instance, model: Pick<Model, 'providerID' | 'id'>): Promise<LanguageModelV4> {
    const found = await this.resolve(instance, { providerID: model.providerID, modelID: model.id });
    return await this.languageModels.get(instance, found.snapshot, found.provider, found.model);
  }

  /** {@link callSettings} with what the instance's configuration, the environment and hooks add. */
  async callSettings(instance: Instance, model: Model, input: CallSettingsInput): Promise<CallSettings> {
    const provider = await this.find(instance, model.providerID);
    const outputTokenMax = this.environment.positiveInteger('OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX');
    const settings: CallSettingsInput = {
      projectID: instance.project.id,
      client: this.environment.client,
      ...(provider ? { provider: provider.options } : {}),
      ...(outputTokenMax === undefined ? {} : { outputTokenMax }),
      ...input,
    };
    const { sessionID, agent, message } = input;
    const context: ModelCallContext = {
      instance,
      sessionID,
      agent: agent?.name ?? '',
      model,
      ...(provider && { provider }),
      ...(message && { message }),
    };
    const parameters = await this.hooks.run('modelParameters', parametersOf(model, settings), context);
    const headers = await this.hooks.run('modelHeaders', headersOf(model, settings), context);
    return callSettings(model, settings, parameters, headers);
  }

  /** What went wrong with a call of a model, in the form stored with the message; without keys. */
  messageError(error: unknown, model: Pick<ModelRef, 'providerID'>): MessageError {
    return this.snapshots.secrets.hideIn(toMessageError(error, model));
  }

  private async resolve(instance: Instance, { providerID, modelID }: ModelRef) {
    const snapshot = await this.snapshots.get(instance);
    const provider = snapshot.connected.get(providerID);
    const model = provider && Object.hasOwn(provider.models, modelID) ? provider.models[modelID] : undefined;
    if (provider && model) return { snapshot, provider, model };
    const suggestions = await suggestionsFor({ providerID, modelID }, snapshot.connected);
    throw new ProviderModelNotFoundError(providerID, modelID, suggestions);
  }

  /** The first usable of the models that the terminal client remembers. */
  private async recentModel({ connected }: ProviderSnapshot): Promise<ModelRef | undefined> {
    const text = await readFile(join(this.environment.paths.state, 'model.json'), 'utf8').catch(() => '{}');
    for (const entry of recentEntries(text)) {
      const { providerID, modelID } = (entry ?? {}) as Partial<Record<keyof ModelRef, unknown>>;
      if (typeof providerID !== 'string' || typeof modelID !== 'string') continue;
      // a guide that was tried before a key was set must not stay the choice
      const models = this.registry.find(providerID)?.fallback ? undefined : connected.get(providerID)?.models;
      if (models && Object.hasOwn(models, modelID)) return { providerID, modelID };
    }
    return undefined;
  }
}

function recentEntries(text: string): unknown[] {
  try {
    const { recent } = (JSON.parse(text) ?? {}) as { recent?: unknown };
    return Array.isArray(recent) ? recent : [];
  } catch {
    return [];
  }
}
