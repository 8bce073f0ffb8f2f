import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Config } from '#libs/contract';
import { adaptPrompt } from '../request/adapt-prompt.js';
import { createAzure } from './azure.js';
import { asLanguageModelV4 } from './as-language-model-v4.adapter.js';
import { startProviders } from '../testing/provider.fixture.js';
import { ScriptedServer, type SeenRequest } from '../testing/scripted-server.fixture.js';

type Provider = NonNullable<Config['provider']>[string];
type Prompt = LanguageModelV4CallOptions['prompt'];

const text: Prompt = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: 'hi' }] },
];
const withCall: Prompt = [
  { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'read', input: {} }] },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'read', output: { type: 'text', value: 'a' } }],
  },
];

/** The request that a call of the first model of a provider sends. The answer does not matter. */
async function request(id: string, provider: (url: string) => Provider, prompt = text): Promise<SeenRequest> {
  await using server = await ScriptedServer.start();
  const config: Config = { provider: { [id]: provider(server.url) } };
  await using world = await startProviders({ config });
  const [modelID = ''] = Object.keys(config.provider?.[id]?.models ?? {});
  const model = await world.providers.model(world.instance, { providerID: id, modelID });
  const language = await world.providers.languageModel(world.instance, model);
  const settings = await world.providers.callSettings(world.instance, model, { sessionID: 'ses_1' });
  await Promise.allSettled([language.doStream({ prompt: adaptPrompt(prompt, model), ...settings })]);
  const [seen] = server.requests;
  if (!seen) throw new Error('Nothing was sent');
  return seen;
}

describe('Azure', () => {
  const azure = (options: object) => (url: string) => ({
    options: { baseURL: `${url}/openai`, apiKey: 'k', ...options },
    models: { 'gpt-5': { id: 'my-deployment', reasoning: true } },
  });

  it('speaks the Responses API with its own key and version', async () => {
    const { path, headers, body } = await request('azure', azure({}));
    expect(path).toBe('/openai/v1/responses?api-version=v1');
    expect(headers).toMatchObject({ 'api-key': 'k', 'user-agent': expect.stringMatching(/^opencode\//) });
    expect(headers).not.toHaveProperty('authorization');
    expect(body).toMatchObject({ model: 'my-deployment', stream: true });
  });

  it('speaks chat completions where it is told so', async () => {
    const { path, headers, body } = await request('azure', azure({ useCompletionUrls: true }));
    expect(path).toBe('/openai/v1/chat/completions?api-version=v1');
    expect(headers).toMatchObject({ 'api-key': 'k' });
    expect(body).toMatchObject({
      model: 'my-deployment',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
    });
  });

  it.each([
    ['azure', 'AZURE_RESOURCE_NAME'],
    ['azure-cognitive-services', 'AZURE_COGNITIVE_SERVICES_RESOURCE_NAME'],
  ])('%s without an address says how to set it', async (id, variable) => {
    const failed = request(id, () => ({
      options: { apiKey: 'k' },
      models: { x: { provider: { npm: '@ai-sdk/azure' } } },
    }));
    await expect(failed).rejects.toMatchObject({
      name: 'ProviderInitError',
      message: expect.stringContaining(` ${variable},`),
    });
  });

  it.each([
    ['azure', 'AZURE_RESOURCE_NAME', 'https://res.openai.azure.com/openai/v1/responses?api-version=v1'],
    [
      'azure-cognitive-services',
      'AZURE_COGNITIVE_SERVICES_RESOURCE_NAME',
      'https://res.cognitiveservices.azure.com/openai/v1/responses?api-version=v1',
    ],
  ])('%s is reached at its resource', async (id, variable, address) => {
    await using world = await startProviders({
      config: { provider: { [id]: { models: { x: { provider: { npm: '@ai-sdk/azure' } } } } } },
      variables: { [variable]: 'res', AZURE_API_KEY: 'k', AZURE_COGNITIVE_SERVICES_API_KEY: 'k' },
    });
    const provider = await world.providers.find(world.instance, id);
    const asked: string[] = [];
    const factory = await createAzure({
      ...provider!.options,
      name: id,
      fetch: async (input) => {
        asked.push(input instanceof Request ? input.url : input.toString());
        return new Response(null, { status: 404 });
      },
    });
    const language = asLanguageModelV4(factory('x'));
    await Promise.allSettled([language.doStream({ prompt: text })]);
    expect(asked).toEqual([address]);
  });
});

it.each(['cerebras', 'deepinfra', 'togetherai', 'vercel'])('@ai-sdk/%s speaks chat completions', async (name) => {
  const { path, headers } = await request('acme', (url) => ({
    npm: `@ai-sdk/${name}`,
    options: { baseURL: `${url}/v1`, apiKey: 'k' },
    models: { m: {} },
  }));
  expect(path).toBe('/v1/chat/completions');
  expect(headers).toMatchObject({ authorization: 'Bearer k' });
});

describe('LiteLLM', () => {
  const proxy = (url: string): Provider => ({ options: { baseURL: url, litellmProxy: true }, models: { m: {} } });
  const names = (seen: SeenRequest) =>
    (seen.body.tools as { function: { name: string } }[] | undefined)?.map((tool) => tool.function.name);

  it('gets a tool when the conversation has calls and none is offered', async () => {
    expect(names(await request('acme', proxy, withCall))).toEqual(['_noop']);
    expect(
      names(await request('my-litellm', (url) => ({ ...proxy(url), options: { baseURL: url } }), withCall)),
    ).toEqual(['_noop']);
  });

  it('gets none otherwise', async () => {
    expect(names(await request('acme', proxy))).toBeUndefined();
    expect(
      names(await request('acme', (url) => ({ ...proxy(url), options: { baseURL: url } }), withCall)),
    ).toBeUndefined();
  });
});
