import { modelFixture, reasoning } from '../testing/model.fixture.js';
import { configuredVariants, variantsOf } from './variants.js';

const names = (name: string, npm: string, extra: Parameters<typeof modelFixture>[2] = {}) =>
  Object.keys(variantsOf(modelFixture(name, npm, { ...reasoning(), ...extra })));
const COMPATIBLE = '@ai-sdk/openai-compatible';
const OPENAI = '@ai-sdk/openai';

describe('variantsOf', () => {
  it.each([
    ['acme/large', COMPATIBLE, '', 'low medium high'],
    ['acme/deepseek-r1', COMPATIBLE, '', ''],
    ['acme/kimi-k2', COMPATIBLE, '', ''],
    ['xai/grok-4', '@ai-sdk/xai', '', ''],
    ['xai/grok-3-mini', '@ai-sdk/xai', '', 'low high'],
    ['openai/o3', OPENAI, '2025-04-16', 'low medium high'],
    ['openai/gpt-5', OPENAI, '2025-08-07', 'minimal low medium high'],
    ['openai/gpt-5-mini', OPENAI, '2025-08-07', 'minimal low medium high'],
    ['openai/gpt-5-pro', OPENAI, '2025-10-06', ''],
    ['openai/gpt-5.1', OPENAI, '2025-11-13', 'none low medium high'],
    ['openai/gpt-5.2', OPENAI, '2025-12-11', 'none low medium high xhigh'],
    ['openai/gpt-5.1-codex', OPENAI, '2025-11-13', 'low medium high'],
    ['openai/gpt-5.2-codex', OPENAI, '2026-01-14', 'low medium high xhigh'],
    ['azure/gpt-5', '@ai-sdk/azure', '', 'minimal low medium high'],
    ['azure/o1-mini', '@ai-sdk/azure', '', ''],
    ['github-copilot/claude-sonnet-4', '@ai-sdk/github-copilot', '', 'thinking'],
    ['github-copilot/gemini-3-pro', '@ai-sdk/github-copilot', '', ''],
    ['anthropic/claude-sonnet-4-5', '@ai-sdk/anthropic', '', 'high max'],
    ['anthropic/claude-opus-4-20250514', '@ai-sdk/anthropic', '', 'high max'],
    ['anthropic/claude-opus-4-6', '@ai-sdk/anthropic', '', 'low medium high max'],
    ['anthropic/claude-sonnet-5', '@ai-sdk/anthropic', '', 'low medium high max'],
    ['amazon-bedrock/anthropic.claude-sonnet-4-5', '@ai-sdk/amazon-bedrock', '', 'high max'],
    ['amazon-bedrock/amazon.nova-2', '@ai-sdk/amazon-bedrock', '', 'low medium high'],
    ['google/gemini-2.5-pro', '@ai-sdk/google', '', 'high max'],
    ['google/gemini-3-pro', '@ai-sdk/google', '', 'low high'],
    ['groq/gpt-oss', '@ai-sdk/groq', '', 'none low medium high'],
    ['openrouter/openai/gpt-5', '@openrouter/ai-sdk-provider', '', 'none minimal low medium high xhigh'],
    ['openrouter/qwen/qwen3', '@openrouter/ai-sdk-provider', '', ''],
    ['vercel/anthropic/claude-sonnet-4', '@ai-sdk/gateway', '', 'high max'],
    ['mistral/magistral', '@ai-sdk/mistral', '', ''],
    ['cohere/command', '@ai-sdk/cohere', '', ''],
    ['perplexity/sonar', '@ai-sdk/perplexity', '', ''],
    ...['cerebras', 'togetherai', 'xai', 'deepinfra'].map((name): [string, string, string, string] => [
      `${name}/x`,
      `@ai-sdk/${name}`,
      '',
      'low medium high',
    ]),
    ['venice/x', 'venice-ai-sdk-provider', '', 'low medium high'],
    ['acme/minimax-m2', COMPATIBLE, '', ''],
    ['acme/glm-4.6', COMPATIBLE, '', ''],
    ['acme/k2p5', COMPATIBLE, '', ''],
    ['azure/o3', '@ai-sdk/azure', '', 'low medium high'],
    ['github-copilot/gpt-5.2', '@ai-sdk/github-copilot', '', 'low medium high xhigh'],
    ['github-copilot/gpt-5.1-codex-max', '@ai-sdk/github-copilot', '', 'low medium high xhigh'],
    ['github-copilot/gpt-5', '@ai-sdk/github-copilot', '', 'low medium high'],
    ['google-vertex-anthropic/claude-sonnet-4-5', '@ai-sdk/google-vertex/anthropic', '', 'high max'],
    ['google-vertex/gemini-3-pro', '@ai-sdk/google-vertex', '', 'low high'],
    ['amazon-bedrock/anthropic.claude-opus-4-6', '@ai-sdk/amazon-bedrock', '', 'low medium high max'],
    ['vercel/google/gemini-3-pro', '@ai-sdk/gateway', '', 'low high'],
    ['vercel/openai/gpt-5', '@ai-sdk/gateway', '', 'none minimal low medium high xhigh'],
    ['sap-ai-core/anthropic--claude-4', '@jerome-benoit/sap-ai-provider-v2', '', 'high max'],
    ['sap-ai-core/gpt-5', '@jerome-benoit/sap-ai-provider-v2', '', 'low medium high'],
    ['openrouter/google/gemini-3-pro', '@openrouter/ai-sdk-provider', '', 'none minimal low medium high xhigh'],
  ])('%s of %s (%s): %s', (name, npm, release_date, expected) => {
    expect(names(name, npm, { release_date }).join(' ')).toBe(expected);
  });

  it('needs a model that reasons', () => {
    expect(variantsOf(modelFixture('acme/large', COMPATIBLE))).toEqual({});
  });

  it('gives the options of each package', () => {
    const of = (name: string, npm: string, output = 64_000) =>
      variantsOf(modelFixture(name, npm, { ...reasoning(), limit: { context: 1, output } }));
    expect(of('acme/x', COMPATIBLE)['low']).toEqual({ reasoningEffort: 'low' });
    expect(of('openai/o3', OPENAI)['high']).toEqual({
      reasoningEffort: 'high',
      reasoningSummary: 'auto',
      include: ['reasoning.encrypted_content'],
    });
    expect(of('anthropic/claude-sonnet-4-5', '@ai-sdk/anthropic')).toEqual({
      high: { thinking: { type: 'enabled', budgetTokens: 16_000 } },
      max: { thinking: { type: 'enabled', budgetTokens: 31_999 } },
    });
    expect(of('anthropic/claude-sonnet-4-5', '@ai-sdk/anthropic', 10_000)['high']).toEqual({
      thinking: { type: 'enabled', budgetTokens: 4_999 },
    });
    expect(of('anthropic/claude-opus-4-6', '@ai-sdk/anthropic')['max']).toEqual({
      thinking: { type: 'adaptive' },
      effort: 'max',
    });
    expect(of('google/gemini-2.5-pro', '@ai-sdk/google')['max']).toEqual({
      thinkingConfig: { includeThoughts: true, thinkingBudget: 24_576 },
    });
    expect(of('google/gemini-3-pro', '@ai-sdk/google')['low']).toEqual({
      thinkingConfig: { includeThoughts: true, thinkingLevel: 'low' },
    });
    expect(of('github-copilot/claude-x', '@ai-sdk/github-copilot')).toEqual({ thinking: { thinking_budget: 4000 } });
    const bedrock = (id: string) => of(`amazon-bedrock/${id}`, '@ai-sdk/amazon-bedrock');
    expect(bedrock('anthropic.claude-opus-4-6')['low']).toEqual({
      reasoningConfig: { type: 'adaptive', maxReasoningEffort: 'low' },
    });
    expect(bedrock('anthropic.claude-sonnet-4-5')['max']).toEqual({
      reasoningConfig: { type: 'enabled', budgetTokens: 31_999 },
    });
    expect(bedrock('amazon.nova-2')['low']).toEqual({
      reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
    });
    expect(of('groq/x', '@ai-sdk/groq')['none']).toEqual({ reasoningEffort: 'none' });
    expect(of('openrouter/gpt-x', '@openrouter/ai-sdk-provider')['xhigh']).toEqual({ reasoning: { effort: 'xhigh' } });
    expect(of('vercel/openai/gpt-x', '@ai-sdk/gateway')['none']).toEqual({ reasoningEffort: 'none' });
    expect(of('azure/o3', '@ai-sdk/azure')['low']).toEqual(of('openai/o3', OPENAI)['low']);
  });
});

it('the configuration merges, adds and removes variants', () => {
  const base = {
    low: { reasoningEffort: 'low' },
    medium: { reasoningEffort: 'medium' },
    high: { reasoningEffort: 'high' },
  };
  expect(configuredVariants(base, { low: { disabled: true }, high: { zzz: 1 }, custom: { abc: true } })).toEqual({
    medium: { reasoningEffort: 'medium' },
    high: { reasoningEffort: 'high', zzz: 1 },
    custom: { abc: true },
  });
});
