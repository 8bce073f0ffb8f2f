import { modelFixture, reasoning } from '../testing/model.fixture.js';
import { callSettings } from './call-settings.js';
import { samplingOf } from './sampling.js';

const OPENROUTER = '@openrouter/ai-sdk-provider';
const COMPATIBLE = '@ai-sdk/openai-compatible';
const base = { sessionID: 'ses_1' };

describe('callSettings', () => {
  it.each([
    [8192, undefined, 8192],
    [100_000, undefined, 32_000],
    [0, undefined, 32_000],
    [100_000, 64_000, 64_000],
  ])('asks for at most %s of %s tokens: %s', (output, outputTokenMax, expected) => {
    const model = modelFixture('acme/x', COMPATIBLE, { limit: { context: 1, output } });
    expect(callSettings(model, { ...base, ...(outputTokenMax ? { outputTokenMax } : {}) }).maxOutputTokens).toBe(
      expected,
    );
  });

  it('sends a temperature only to models that take one', () => {
    const hot = modelFixture('acme/qwen3', COMPATIBLE, reasoning());
    expect(callSettings(hot, base)).toMatchObject({ temperature: 0.55, topP: 1 });
    expect(callSettings(hot, { ...base, agent: { temperature: 0, topP: 0.5 } })).toMatchObject({
      temperature: 0,
      topP: 0.5,
    });
    expect(
      callSettings(modelFixture('acme/qwen3', COMPATIBLE), { ...base, agent: { temperature: 0 } }),
    ).not.toHaveProperty('temperature');
  });

  it.each([
    ['Qwen3-32b', { temperature: 0.55, topP: 1 }],
    ['claude-opus-4', {}],
    ['gemini-2.5-pro', { temperature: 1, topP: 0.95, topK: 64 }],
    ['glm-4.6', { temperature: 1 }],
    ['zai/GLM-4.7', { temperature: 1 }],
    ['glm-4.5', {}],
    ['minimax-m2', { temperature: 1, topP: 0.95, topK: 20 }],
    ...['minimax-m2.1', 'minimax-m21', 'minimax-m25'].map((id): [string, object] => [
      id,
      { temperature: 1, topP: 0.95, topK: 40 },
    ]),
    ['kimi-k2-thinking', { temperature: 1 }],
    ['kimi-k2.1', { temperature: 1 }],
    ['kimi-k2p1', { temperature: 1 }],
    ...['kimi-k2.5', 'kimi-k2p5', 'kimi-k2-5', 'kimi-k2.5-thinking'].map((id): [string, object] => [
      id,
      { temperature: 1, topP: 0.95 },
    ]),
    ['moonshotai/Kimi-K2-Instruct-0905', { temperature: 0.6 }],
    ['gpt-5', {}],
  ])('samples %s as it was tuned for', (id, expected) => {
    expect(samplingOf(id)).toEqual(expected);
  });

  it.each([
    [
      'openai/gpt-5',
      '@ai-sdk/openai',
      { openai: { store: false, promptCacheKey: 'ses_1', reasoningEffort: 'medium', reasoningSummary: 'auto' } },
    ],
    [
      'openai/gpt-5.2',
      '@ai-sdk/openai',
      {
        openai: {
          store: false,
          promptCacheKey: 'ses_1',
          reasoningEffort: 'medium',
          reasoningSummary: 'auto',
          textVerbosity: 'low',
        },
      },
    ],
    ['openai/gpt-5-pro', '@ai-sdk/openai', { openai: { store: false, promptCacheKey: 'ses_1' } }],
    [
      'opencode/gpt-5',
      '@ai-sdk/openai',
      {
        openai: {
          store: false,
          promptCacheKey: 'ses_1',
          reasoningEffort: 'medium',
          reasoningSummary: 'auto',
          include: ['reasoning.encrypted_content'],
        },
      },
    ],
    [
      'google/gemini-3-pro',
      '@ai-sdk/google',
      { google: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'high' } } },
    ],
    ['google/gemini-2.5-pro', '@ai-sdk/google', { google: { thinkingConfig: { includeThoughts: true } } }],
    ['anthropic/claude-sonnet-4-5', '@ai-sdk/anthropic', undefined],
    ['kimi/kimi-k2.5', '@ai-sdk/anthropic', { anthropic: { thinking: { type: 'enabled', budgetTokens: 4999 } } }],
    ['zai/glm-4.7', COMPATIBLE, { zai: { thinking: { type: 'enabled', clear_thinking: false } } }],
    ['baseten/x', COMPATIBLE, { baseten: { chat_template_args: { enable_thinking: true } } }],
    ['wafer.ai/x', COMPATIBLE, undefined],
    ['acme/gpt-4o', '@ai-sdk/openai', { openai: { store: false } }],
    ['github-copilot/gpt-4.1', '@ai-sdk/github-copilot', { copilot: { store: false } }],
    ['acme/x', OPENROUTER, { openrouter: { usage: { include: true } } }],
    ['openrouter/x', OPENROUTER, { openrouter: { usage: { include: true }, prompt_cache_key: 'ses_1' } }],
    [
      'acme/google/gemini-3-pro',
      OPENROUTER,
      { openrouter: { usage: { include: true }, reasoning: { effort: 'high' } } },
    ],
    ['opencode/kimi-k2-thinking', COMPATIBLE, { opencode: { chat_template_args: { enable_thinking: true } } }],
    ['opencode/glm-4.6', COMPATIBLE, { opencode: { chat_template_args: { enable_thinking: true } } }],
    ['zhipuai/glm-4.7', COMPATIBLE, { zhipuai: { thinking: { type: 'enabled', clear_thinking: false } } }],
    ['venice/x', COMPATIBLE, { venice: { promptCacheKey: 'ses_1' } }],
    ['acme/gemini-2.5-pro', '@ai-sdk/google-vertex', { google: { thinkingConfig: { includeThoughts: true } } }],
    ['azure/gpt-5.2', '@ai-sdk/azure', { openai: { reasoningEffort: 'medium', reasoningSummary: 'auto' } }],
    ['openai/gpt-5-chat-latest', '@ai-sdk/openai', { openai: { store: false, promptCacheKey: 'ses_1' } }],
    ['vercel/amazon/nova', '@ai-sdk/gateway', { gateway: { caching: 'auto' } }],
    [
      'openai/gpt-5.1-codex',
      '@ai-sdk/openai',
      { openai: { store: false, promptCacheKey: 'ses_1', reasoningEffort: 'medium', reasoningSummary: 'auto' } },
    ],
  ])('sends %s of %s its base options', (name, npm, expected) => {
    expect(callSettings(modelFixture(name, npm), base).providerOptions).toEqual(expected);
  });

  it('lets models of Alibaba think, but for one', () => {
    const of = (id: string) =>
      callSettings(modelFixture(`alibaba-cn/${id}`, COMPATIBLE, reasoning()), base).providerOptions;
    expect(of('acme-1')).toEqual({ 'alibaba-cn': { enable_thinking: true } });
    expect(of('kimi-k2-thinking')).toBeUndefined();
  });

  it.each([
    ['acme/x', '@ai-sdk/amazon-bedrock', 'bedrock'],
    ['acme/x', '@ai-sdk/amazon-bedrock/anthropic', 'anthropic'],
    ['acme/x', '@ai-sdk/amazon-bedrock/mantle', 'openai'],
    ['acme/x', '@ai-sdk/anthropic', 'anthropic'],
    ['acme/x', '@ai-sdk/google-vertex/anthropic', 'anthropic'],
    ['acme/x', '@ai-sdk/google-vertex/maas', 'vertex'],
    ['acme/x', '@ai-sdk/github-copilot', 'copilot'],
    ['acme/x', OPENROUTER, 'openrouter'],
    ['acme/openai/x', '@ai-sdk/gateway', 'openai'],
    ['acme/amazon/x', '@ai-sdk/gateway', 'bedrock'],
    ...['cohere', 'groq', 'mistral', 'perplexity', 'xai'].map((name): [string, string, string] => [
      'acme/x',
      `@ai-sdk/${name}`,
      name,
    ]),
    ['acme/x', '@acme/sdk', 'acme'],
  ])('names the options of %s of %s %s', (name, npm, key) => {
    const model = modelFixture(name, npm, { options: { mine: 1 } });
    expect(callSettings(model, base).providerOptions?.[key]).toMatchObject({ mine: 1 });
  });

  it('asks Copilot for no number of tokens', () => {
    const model = modelFixture('github-copilot/x', '@ai-sdk/github-copilot');
    expect(callSettings(model, base)).not.toHaveProperty('maxOutputTokens');
  });

  it('merges model, agent and variant over the base, the later the stronger', () => {
    const model = modelFixture('acme/x', COMPATIBLE, {
      options: { a: 1, deep: { x: 1, y: 1 } },
      variants: { high: { reasoningEffort: 'high', deep: { y: 3 } } },
    });
    const input = { ...base, agent: { options: { a: 2, reasoningEffort: 'low', deep: { y: 2 } } }, variant: 'high' };
    expect(callSettings(model, input).providerOptions).toEqual({
      acme: { a: 2, reasoningEffort: 'high', deep: { x: 1, y: 3 } },
    });
    expect(callSettings(model, { ...input, variant: 'toString' }).providerOptions?.['acme']).toMatchObject({
      reasoningEffort: 'low',
    });
    expect(callSettings(model, { ...base, provider: { setCacheKey: true } }).providerOptions?.['acme']).toMatchObject({
      promptCacheKey: 'ses_1',
    });
  });

  it.each([
    ['openai/gpt-5', '@ai-sdk/openai', { openai: { store: false, reasoningEffort: 'minimal' } }],
    ['openai/gpt-5.2', '@ai-sdk/openai', { openai: { store: false, reasoningEffort: 'low' } }],
    ['google/gemini-2.5-flash', '@ai-sdk/google', { google: { thinkingConfig: { thinkingBudget: 0 } } }],
    ['google/gemini-3-flash', '@ai-sdk/google', { google: { thinkingConfig: { thinkingLevel: 'minimal' } } }],
    ['acme/x', COMPATIBLE, undefined],
    ['acme/x', OPENROUTER, { openrouter: { reasoningEffort: 'minimal' } }],
    ['acme/google/x', OPENROUTER, { openrouter: { reasoning: { enabled: false } } }],
    ['venice/x', COMPATIBLE, { venice: { veniceParameters: { disableThinking: true } } }],
    ['github-copilot/gpt-5-mini', '@ai-sdk/github-copilot', { copilot: { store: false, reasoningEffort: 'minimal' } }],
  ])('lets %s of %s think little in a small call', (name, npm, expected) => {
    const model = modelFixture(name, npm, { variants: { high: { reasoningEffort: 'high' } } });
    expect(callSettings(model, { ...base, small: true, variant: 'high' }).providerOptions).toEqual(expected);
  });

  it('sends the headers of each provider', () => {
    expect(callSettings(modelFixture('acme/x', COMPATIBLE, { headers: { 'X-Team': 'a' } }), base).headers).toEqual({
      'user-agent': 'opencode/1.2.6',
      'x-team': 'a',
    });
    expect(callSettings(modelFixture('anthropic/x', '@ai-sdk/anthropic'), base).headers).toEqual({});
    expect(callSettings(modelFixture('openai/x', '@ai-sdk/openai'), base).headers).toMatchObject({
      originator: 'opencode',
      session_id: 'ses_1',
    });
    expect(
      callSettings(modelFixture('opencode/x', COMPATIBLE), { ...base, requestID: 'msg_1', projectID: 'p' }).headers,
    ).toEqual({
      'x-opencode-session': 'ses_1',
      'x-opencode-client': 'cli',
      'x-opencode-project': 'p',
      'x-opencode-request': 'msg_1',
    });
  });
});
