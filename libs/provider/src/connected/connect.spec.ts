import type { Config } from '#libs/contract';
import type { Catalogue } from '../catalogue/catalogue-entry.js';
import { smallModelOf } from '../choice/small-model.js';
import { sortModels } from '../choice/sort-models.js';
import { connect, type DeclaredProvider } from './connect.js';
import { redactProvider } from './redact.js';

const catalogue: Catalogue = {
  anthropic: {
    id: 'anthropic',
    name: 'Anthropic',
    env: ['ANTHROPIC_API_KEY'],
    npm: '@ai-sdk/anthropic',
    models: {
      'claude-sonnet-4-5': {
        id: 'claude-sonnet-4-5',
        name: 'Claude Sonnet 4.5',
        family: 'claude-sonnet',
        attachment: true,
        reasoning: true,
        temperature: true,
        tool_call: true,
        release_date: '2025-09-29',
        modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
        cost: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 },
        limit: { context: 200000, output: 64000 },
      },
      'claude-2': { id: 'claude-2', status: 'deprecated' },
      'claude-x': { id: 'claude-x', status: 'alpha' },
    },
  },
  google: { env: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'], npm: '@ai-sdk/google', models: { gemini: {} } },
  openrouter: { models: { 'openai/gpt-5-chat': {}, 'openai/gpt-5': {} } },
  full: {
    npm: 'some-package',
    api: 'https://full.test/v1',
    models: {
      all: {
        id: 'real',
        name: 'All',
        status: 'beta',
        headers: { a: 'b' },
        options: { c: 1 },
        interleaved: { field: 'reasoning_content' },
        reasoning: true,
        modalities: { input: ['text', 'audio', 'video'], output: ['text', 'image'] },
        cost: { input: 1, output: 2, context_over_200k: { input: 3, output: 4, cache_read: 5 } },
        limit: { context: 10, input: 8, output: 2 },
        provider: { npm: 'other-package', api: 'https://other.test/v1' },
        variants: { turbo: { speed: 9 } },
      },
    },
  },
  bare: { models: { only: {}, 'gpt-5-chat-latest': {} }, env: ['BARE_KEY'], api: 'https://bare.test/v1' },
  odd: { env: 'BARE_KEY' as never, models: null as never },
};
const offline: DeclaredProvider = {
  id: 'offline',
  name: 'Offline',
  env: [],
  fallback: true,
  models: [{ id: 'guide', name: 'Guide' }],
};
const run = (
  config: Config = {},
  variables: Record<string, string> = {},
  declared: DeclaredProvider[] = [],
  alpha = false,
) => connect({ catalogue, config, variables, declared, alpha });
const models = (config: Config, id: string) =>
  Object.keys(run(config, { ANTHROPIC_API_KEY: 'k' }).get(id)?.models ?? {});

describe('connect', () => {
  it('connects nothing by itself', () => {
    expect([...run().keys()]).toEqual([]);
  });

  it('maps a model of the catalogue to the form of the API', () => {
    const provider = run({}, { ANTHROPIC_API_KEY: 'k' }).get('anthropic');
    expect(provider).toMatchObject({ source: 'env', key: 'k', env: ['ANTHROPIC_API_KEY'] });
    expect(provider?.options['headers']).toHaveProperty('anthropic-beta');
    expect(provider?.models).toEqual({
      'claude-sonnet-4-5': {
        id: 'claude-sonnet-4-5',
        providerID: 'anthropic',
        name: 'Claude Sonnet 4.5',
        family: 'claude-sonnet',
        api: { id: 'claude-sonnet-4-5', npm: '@ai-sdk/anthropic', url: '' },
        status: 'active',
        headers: {},
        options: {},
        cost: { input: 3, output: 15, cache: { read: 0.3, write: 3.75 } },
        limit: { context: 200000, output: 64000 },
        capabilities: {
          temperature: true,
          reasoning: true,
          attachment: true,
          toolcall: true,
          input: { text: true, audio: false, image: true, video: false, pdf: true },
          output: { text: true, audio: false, image: false, video: false, pdf: false },
          interleaved: false,
        },
        release_date: '2025-09-29',
        variants: {
          high: { thinking: { type: 'enabled', budgetTokens: 16000 } },
          max: { thinking: { type: 'enabled', budgetTokens: 31999 } },
        },
      },
    });
  });

  it('maps whatever a model of the catalogue may have', () => {
    expect(run({ provider: { full: {} } }).get('full')?.models['all']).toEqual({
      id: 'all',
      providerID: 'full',
      name: 'All',
      api: { id: 'real', npm: 'other-package', url: 'https://other.test/v1' },
      status: 'beta',
      headers: { a: 'b' },
      options: { c: 1 },
      cost: {
        input: 1,
        output: 2,
        cache: { read: 0, write: 0 },
        experimentalOver200K: { input: 3, output: 4, cache: { read: 5, write: 0 } },
      },
      limit: { context: 10, input: 8, output: 2 },
      capabilities: {
        temperature: false,
        reasoning: true,
        attachment: false,
        toolcall: true,
        input: { text: true, audio: true, image: false, video: true, pdf: false },
        output: { text: true, audio: false, image: true, video: false, pdf: false },
        interleaved: { field: 'reasoning_content' },
      },
      release_date: '',
      variants: { turbo: { speed: 9 } },
    });
  });

  it('shows a key only when one variable can hold it, and tolerates entries with gaps', () => {
    expect(run({}, { GEMINI_API_KEY: 'k' }).get('google')).not.toHaveProperty('key');
    expect(run({}, { BARE_KEY: 'k' }).get('bare')).toMatchObject({
      name: 'bare',
      models: { only: { api: { npm: '@ai-sdk/openai-compatible', url: 'https://bare.test/v1' }, cost: { input: 0 } } },
    });
    expect(run({ provider: { odd: {} } }).has('odd')).toBe(false);
  });

  it('orders by environment, provider class, configuration; offline last', () => {
    const acme: DeclaredProvider = {
      id: 'acme',
      name: 'Acme',
      env: ['ACME_KEY'],
      key: 's',
      models: [{ id: 'a', name: 'A' }],
    };
    const none: DeclaredProvider = { id: 'none', name: 'None', env: [], models: [] };
    const config: Config = { provider: { offline: { name: 'Guide' }, mine: { models: { m: {} } } } };
    const all = run(config, { BARE_KEY: 'k' }, [offline, acme, none]);
    expect([...all.keys()]).toEqual(['bare', 'acme', 'mine', 'offline']);
    expect(all.get('acme')).toMatchObject({
      source: 'env',
      key: 's',
      models: { a: { capabilities: { toolcall: true } } },
    });
    expect(all.get('offline')).toMatchObject({ name: 'Guide', source: 'config' });
  });

  it('a provider class replaces the models that the catalogue knows under its id', () => {
    const bare: DeclaredProvider = { id: 'bare', name: 'Bare', env: [], models: [{ id: 'loaded', name: 'Loaded' }] };
    const config: Config = { provider: { bare: { models: { mine: { id: 'loaded' } } } } };
    expect(Object.keys(run(config, {}, [bare]).get('bare')?.models ?? {})).toEqual(['loaded', 'mine']);
  });

  it.each<[string, Config, string, string[]]>([
    ['everything usable', {}, 'anthropic', ['claude-sonnet-4-5']],
    ['disabled', { disabled_providers: ['anthropic'] }, 'anthropic', []],
    ['not enabled', { enabled_providers: ['bare'] }, 'anthropic', []],
    ['blacklist', { provider: { anthropic: { blacklist: ['claude-sonnet-4-5'] } } }, 'anthropic', []],
    ['whitelist', { provider: { bare: { whitelist: ['only'] } } }, 'bare', ['only']],
    ['a hidden model', { provider: { bare: {} } }, 'bare', ['only']],
    ['a hidden model of OpenRouter', { provider: { openrouter: {} } }, 'openrouter', ['openai/gpt-5']],
    ['without models', { provider: { nomodels: {} } }, 'nomodels', []],
  ])('lists: %s', (_, config, id, expected) => {
    expect(models(config, id)).toEqual(expected);
  });

  it('keeps alpha models on demand', () => {
    expect(Object.keys(run({}, { ANTHROPIC_API_KEY: 'k' }, [], true).get('anthropic')?.models ?? {})).toContain(
      'claude-x',
    );
  });

  it('completes a model that only the configuration knows', () => {
    const config: Config = {
      provider: {
        mine: {
          api: 'https://mine.test',
          options: { apiKey: 's' },
          models: {
            m: {
              limit: { context: 10, input: 8, output: 2 },
              cost: { input: 1, output: 2, context_over_200k: { input: 3, output: 4 } },
              reasoning: true,
              headers: { a: 'b' },
              variants: { low: { disabled: true } },
            },
          },
        },
      },
    };
    const provider = run(config).get('mine');
    expect(provider).toMatchObject({ id: 'mine', name: 'mine', source: 'config', env: [], options: { apiKey: 's' } });
    expect(provider?.models['m']).toEqual({
      id: 'm',
      providerID: 'mine',
      name: 'm',
      family: '',
      status: 'active',
      release_date: '',
      api: { id: 'm', npm: '@ai-sdk/openai-compatible', url: 'https://mine.test' },
      headers: { a: 'b' },
      options: {},
      cost: {
        input: 1,
        output: 2,
        cache: { read: 0, write: 0 },
        experimentalOver200K: { input: 3, output: 4, cache: { read: 0, write: 0 } },
      },
      limit: { context: 10, input: 8, output: 2 },
      capabilities: {
        temperature: false,
        reasoning: true,
        attachment: false,
        toolcall: true,
        input: { text: true, audio: false, image: false, video: false, pdf: false },
        output: { text: true, audio: false, image: false, video: false, pdf: false },
        interleaved: false,
      },
      variants: { medium: { reasoningEffort: 'medium' }, high: { reasoningEffort: 'high' } },
    });
  });

  it('makes an alias that inherits the model it stands for', () => {
    const config: Config = {
      provider: { anthropic: { models: { 'my-claude': { id: 'claude-sonnet-4-5', options: { x: 1 } } } } },
    };
    expect(run(config).get('anthropic')?.models['my-claude']).toMatchObject({
      id: 'my-claude',
      name: 'my-claude',
      options: { x: 1 },
      api: { id: 'claude-sonnet-4-5', npm: '@ai-sdk/anthropic' },
      cost: { input: 3 },
      capabilities: { reasoning: true },
    });
  });

  it('names package and address by model, provider, what is known, in this order', () => {
    const of = (provider: NonNullable<Config['provider']>[string], id: string) =>
      run({ provider: { [id]: provider } }).get(id)?.models['only']?.api;
    expect(of({ models: { only: {} } }, 'bare')).toEqual({
      id: 'only',
      npm: '@ai-sdk/openai-compatible',
      url: 'https://bare.test/v1',
    });
    expect(of({ npm: 'p', api: 'u', models: { only: {} } }, 'bare')).toEqual({ id: 'only', npm: 'p', url: 'u' });
    for (const [npm, name] of [
      ['@acme/sdk@1.2.3', '@acme/sdk'],
      ['sdk/path@^2', 'sdk/path'],
      ['@acme/sdk', '@acme/sdk'],
      ['file:///home/me@work/sdk.mjs', 'file:///home/me@work/sdk.mjs'],
    ] as const)
      expect(of({ npm, models: { only: {} } }, 'bare')?.npm).toBe(name);
    expect(of({ npm: 'p', models: { only: { provider: { npm: 'q', api: 'v' } } } }, 'bare')).toEqual({
      id: 'only',
      npm: 'q',
      url: 'v',
    });
  });
});

describe('sortModels', () => {
  it.each([
    [['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', 'claude-3'], 'claude-sonnet-4-5-20250929'],
    [['gemini-3-pro-preview', 'gemini-2.5-pro', 'gpt-5'], 'gemini-3-pro-preview'],
    [['big-pickle', 'claude-sonnet-4', 'gpt-5'], 'big-pickle'],
    [['a', 'b-latest', 'c'], 'b-latest'],
    [['moonshotai/kimi', 'qwen/qwen3-32b', 'llama'], 'qwen/qwen3-32b'],
  ])('%j: %s', (ids, first) => {
    const provider = run({ provider: { x: { models: Object.fromEntries(ids.map((id) => [id, {}])) } } }).get('x');
    expect(sortModels(Object.values(provider?.models ?? {}))[0]?.id).toBe(first);
  });

  it('puts models that cannot chat with tools last', () => {
    const config: Config = {
      provider: { x: { models: { 'zz-image': { modalities: { input: ['text'], output: ['image'] } }, a: {} } } },
    };
    expect(sortModels(Object.values(run(config).get('x')?.models ?? {}))[0]?.id).toBe('a');
  });
});

it.each([
  ['anthropic', ['claude-3-5-haiku', 'claude-haiku-4-5'], undefined, 'claude-haiku-4-5'],
  ['opencode', ['claude-haiku-4-5', 'gpt-5-nano'], undefined, 'gpt-5-nano'],
  ['github-copilot', ['claude-haiku-4.5', 'gpt-5-mini'], undefined, 'gpt-5-mini'],
  [
    'amazon-bedrock',
    ['us.anthropic.claude-haiku-4-5', 'eu.anthropic.claude-haiku-4-5', 'anthropic.claude-haiku-4-5'],
    'eu-west-1',
    'eu.anthropic.claude-haiku-4-5',
  ],
  [
    'amazon-bedrock',
    ['eu.anthropic.claude-haiku-4-5', 'global.anthropic.claude-haiku-4-5'],
    'eu-west-1',
    'global.anthropic.claude-haiku-4-5',
  ],
  [
    'amazon-bedrock',
    ['eu.anthropic.claude-haiku-4-5', 'anthropic.claude-haiku-4-5'],
    'us-east-1',
    'anthropic.claude-haiku-4-5',
  ],
  ['opencode', ['claude-haiku-4-5'], undefined, undefined],
  ['acme', ['gpt-5-nano', 'gemini-2.5-flash', 'gemini-3-flash'], undefined, 'gemini-3-flash'],
  ['acme', ['large'], undefined, undefined],
])('the small model of %s with %j (%s): %s', (id, ids, region, expected) => {
  const provider = run({ provider: { [id]: { models: Object.fromEntries(ids.map((each) => [each, {}])) } } }).get(id);
  expect(
    provider &&
      smallModelOf(
        {
          ...provider,
          models: Object.fromEntries(Object.entries(provider.models).filter(([key]) => ids.includes(key))),
        },
        region,
      )?.id,
  ).toBe(expected);
});

it('secrets stay inside', () => {
  const provider = run({
    provider: {
      mine: {
        options: {
          apiKey: 's3cret',
          baseURL: 'https://me:s3cret@mine.test',
          maxTokens: 5,
          headers: { Authorization: 'Bearer s3cret' },
          accounts: [{ token: 's3cret' }, 'https://me:s3cret@mine.test'],
        },
        models: { m: { headers: { 'x-api-key': 's3cret' } } },
      },
    },
  }).get('mine');
  const shown = redactProvider({ ...provider!, key: 's3cret' });
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(shown).not.toHaveProperty('key');
  expect(shown.options).toMatchObject({ apiKey: '***', maxTokens: 5, headers: { Authorization: '***' } });
});
