import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Auth, Config } from '#libs/contract';
import { adaptPrompt } from '../request/adapt-prompt.js';
import { startProviders } from './provider.fixture.js';
import type { ScriptedServer } from './scripted-server.fixture.js';

export type ProviderSettings = NonNullable<Config['provider']>[string];

export interface WireCall {
  /** Id of the provider; default `acme`. */
  id?: string;
  variant?: string;
  prompt?: LanguageModelV4CallOptions['prompt'];
  variables?: Record<string, string>;
  /** What is stored for the provider. */
  credential?: Auth;
}

const tools: LanguageModelV4CallOptions['tools'] = [
  { type: 'function', name: 'read', inputSchema: { type: 'object', properties: { file: { type: 'string' } } } },
];

/** One streamed call of the first model of a provider, with a key, against a scripted server. */
export function call(
  server: ScriptedServer,
  provider: ProviderSettings,
  extra: WireCall = {},
): Promise<LanguageModelV4StreamPart[]> {
  const options = { baseURL: `${server.url}/v1`, apiKey: 'k', ...provider.options };
  return bareCall({ ...provider, options }, extra);
}

/** The same with no more settings than given. */
export async function bareCall(
  provider: ProviderSettings,
  { id = 'acme', variant, prompt, variables = {}, credential }: WireCall = {},
): Promise<LanguageModelV4StreamPart[]> {
  await using world = await startProviders({
    config: { provider: { [id]: provider } },
    variables,
    ...(credential && { credentials: { [id]: credential } }),
  });
  const [modelID = ''] = Object.keys(provider.models ?? {});
  const model = await world.providers.model(world.instance, { providerID: id, modelID });
  const settings = await world.providers.callSettings(world.instance, model, {
    sessionID: 'ses_1',
    ...(variant && { variant }),
  });
  const language = await world.providers.languageModel(world.instance, model);
  const adapted = adaptPrompt(
    prompt ?? [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    ],
    model,
  );
  const { stream } = await language.doStream({ prompt: adapted, tools, toolChoice: { type: 'auto' }, ...settings });
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export const textOf = (parts: readonly LanguageModelV4StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
export const callsOf = (parts: readonly LanguageModelV4StreamPart[]): unknown[] =>
  parts.flatMap((part) => (part.type === 'tool-call' ? [[part.toolName, JSON.parse(part.input)]] : []));
export const endOf = (parts: readonly LanguageModelV4StreamPart[]) => parts.find((part) => part.type === 'finish');
