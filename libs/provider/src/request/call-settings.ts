import type { JSONObject, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { Model, UserMessage } from '#libs/contract';
import { API_VERSION, type ModelParameters } from '#libs/extension';
import { definedOnly, own } from '../record.js';
import { baseOptions, smallOptions } from './base-options.js';
import { mergeOptions, type Options } from './merge-options.js';
import { samplingOf } from './sampling.js';

/** Most tokens asked for in one answer, unless the host sets another limit. */
export const OUTPUT_TOKEN_MAX = 32_000;

export interface CallSettingsInput {
  sessionID: string;
  agent?: { name?: string; temperature?: number; topP?: number; options?: Readonly<Options> };
  /** Name of a reasoning effort; one that the model lacks has no effect. */
  variant?: string;
  /** A short call beside the run (a title). */
  small?: boolean;
  /** Options of the provider. */
  provider?: Readonly<Options>;
  outputTokenMax?: number;
  projectID?: string;
  /** The kind of client that is worked for. Default `cli`. */
  client?: string;
  /** The user message that is answered. */
  requestID?: string;
  /** Whether a person's words are answered first, or an agent goes on by itself. */
  initiator?: 'user' | 'agent';
  /** That message itself, for hooks. */
  message?: UserMessage;
}

export type CallSettings = Pick<
  LanguageModelV4CallOptions,
  'maxOutputTokens' | 'temperature' | 'topP' | 'topK' | 'providerOptions' | 'headers'
>;

/** Everything of a model call but prompt and tools: limits, sampling, provider options, headers. */
export function callSettings(
  model: Model,
  input: CallSettingsInput,
  { options, ...sampling }: ModelParameters = parametersOf(model, input),
  headers: Record<string, string> = headersOf(model, input),
): CallSettings {
  return definedOnly({
    maxOutputTokens: maxOutputTokens(model, input.outputTokenMax),
    ...sampling,
    providerOptions: providerOptions(model, options),
    headers,
  });
}

/** Sampling and options of a call, as model, agent and variant ask for them. */
export function parametersOf(model: Model, input: CallSettingsInput): ModelParameters {
  const { agent, small } = input;
  const sampling = samplingOf(model.id);
  const base = small ? smallOptions(model) : baseOptions(model, input.sessionID, input.provider);
  const variant = small || input.variant === undefined ? undefined : own(model.variants, input.variant);
  const options = mergeOptions(base, model.options, agent?.options, variant);
  return definedOnly({
    temperature: model.capabilities.temperature ? (agent?.temperature ?? sampling.temperature) : undefined,
    topP: agent?.topP ?? sampling.topP,
    topK: sampling.topK,
    options,
  });
}

function maxOutputTokens(model: Model, max = OUTPUT_TOKEN_MAX): number | undefined {
  if (model.providerID.startsWith('github-copilot')) return undefined;
  return Math.min(model.limit.output, max) || max;
}

/** Under which key the adapter of a package looks for its options. */
const OPTION_KEYS: Readonly<Record<string, string>> = {
  '@ai-sdk/github-copilot': 'copilot',
  '@ai-sdk/openai': 'openai',
  '@ai-sdk/azure': 'openai',
  '@ai-sdk/amazon-bedrock': 'bedrock',
  '@ai-sdk/amazon-bedrock/anthropic': 'anthropic',
  '@ai-sdk/amazon-bedrock/mantle': 'openai',
  '@ai-sdk/anthropic': 'anthropic',
  '@ai-sdk/google-vertex/anthropic': 'anthropic',
  '@ai-sdk/google': 'google',
  '@ai-sdk/google-vertex': 'google',
  '@ai-sdk/google-vertex/maas': 'vertex',
  '@ai-sdk/gateway': 'gateway',
  '@ai-sdk/cohere': 'cohere',
  '@ai-sdk/groq': 'groq',
  '@ai-sdk/mistral': 'mistral',
  '@ai-sdk/perplexity': 'perplexity',
  '@ai-sdk/xai': 'xai',
  '@openrouter/ai-sdk-provider': 'openrouter',
};

/** Name under which the options and metadata of a model's package travel. */
function optionKeyOf(model: Model): string {
  // adapters of compatible servers look under the part of their name before the first dot
  return OPTION_KEYS[model.api.npm] ?? model.providerID.split('.', 1)[0] ?? model.providerID;
}

function providerOptions(model: Model, options: Options): SharedV4ProviderOptions | undefined {
  if (Object.keys(options).length === 0) return undefined;
  if (model.api.npm !== '@ai-sdk/gateway') return { [optionKeyOf(model)]: options as JSONObject };
  const { gateway, ...rest } = options;
  const vendor = model.api.id.split('/', 1)[0] ?? '';
  const key = vendor === 'amazon' ? 'bedrock' : vendor;
  return {
    ...(gateway === undefined ? {} : { gateway: gateway as JSONObject }),
    ...(model.api.id.includes('/') && Object.keys(rest).length > 0 ? { [key]: rest as JSONObject } : {}),
  };
}

/** Names in lower case: adapters compare them exactly when they add their own. */
export function headersOf(model: Model, input: CallSettingsInput): Record<string, string> {
  const headers: Record<string, string> = {};
  if (model.providerID.startsWith('opencode')) {
    headers['x-opencode-session'] = input.sessionID;
    headers['x-opencode-client'] = input.client ?? 'cli';
    if (input.projectID) headers['x-opencode-project'] = input.projectID;
    if (input.requestID) headers['x-opencode-request'] = input.requestID;
  } else if (model.providerID !== 'anthropic') headers['user-agent'] = `opencode/${API_VERSION}`;
  if (model.providerID === 'openai') {
    headers['originator'] = 'opencode';
    headers['session_id'] = input.sessionID;
  }
  // a request that a person began counts there
  if (model.providerID.startsWith('github-copilot') && input.initiator) headers['x-initiator'] = input.initiator;
  for (const [name, value] of Object.entries(model.headers)) headers[name.toLowerCase()] = value;
  return headers;
}
