import type { LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { AssistantMessage, Model } from '#libs/contract';
import { isRecord } from '../record.js';

/** Providers whose old adapters report input tokens without the cached ones. */
const EXCLUDES_CACHE = ['@ai-sdk/anthropic', '@ai-sdk/amazon-bedrock', '@ai-sdk/google-vertex/anthropic'];
/** Where adapters put the number of tokens written to the prompt cache, when usage itself lacks it. */
const CACHE_WRITE_METADATA = [
  ['anthropic', 'cacheCreationInputTokens'],
  ['bedrock', 'usage', 'cacheWriteInputTokens'],
  ['venice', 'usage', 'cacheCreationInputTokens'],
] as const;
const PRICE_DIGITS = 12;
const LONG_CONTEXT = 200_000;

/** Token counts of one step as stored with its message. Whatever is unknown counts as 0; `total` is then absent. */
export function tokensOf(
  usage: LanguageModelV4Usage,
  metadata: SharedV4ProviderMetadata | undefined,
  model: Model,
): AssistantMessage['tokens'] {
  const { inputTokens, outputTokens, raw } = usage;
  const read = count(inputTokens.cacheRead);
  const write = count(inputTokens.cacheWrite ?? cacheWriteFrom(metadata));
  const excluded = EXCLUDES_CACHE.includes(model.api.npm);
  const input =
    inputTokens.noCache !== undefined
      ? count(inputTokens.noCache)
      : Math.max(0, count(inputTokens.total) - (excluded ? 0 : read + write));
  const output = count(outputTokens.total);
  const known = inputTokens.total !== undefined && outputTokens.total !== undefined;
  const total = excluded
    ? input + output + read + write
    : (finite(raw?.['total_tokens'] ?? raw?.['totalTokenCount']) ?? count(inputTokens.total) + output);
  return {
    ...(known ? { total } : {}),
    input,
    output,
    reasoning: count(outputTokens.reasoning),
    cache: { read, write },
  };
}

/** Price of one step in USD, exact to the last digit of the prices (which are per million tokens). */
export function costOf(tokens: AssistantMessage['tokens'], model: Model): number {
  const long = model.cost.experimentalOver200K;
  const price = long && tokens.input + tokens.cache.read > LONG_CONTEXT ? long : model.cost;
  const total =
    product(tokens.input, price.input) +
    product(tokens.output, price.output) +
    product(tokens.cache.read, price.cache.read) +
    product(tokens.cache.write, price.cache.write) +
    product(tokens.reasoning, price.output);
  return decimal(total, PRICE_DIGITS + 6);
}

function cacheWriteFrom(metadata: SharedV4ProviderMetadata | undefined): unknown {
  for (const way of CACHE_WRITE_METADATA) {
    let value: unknown = metadata;
    for (const key of way) value = isRecord(value) ? value[key] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function count(value: unknown): number {
  return Math.max(0, Math.round(finite(value) ?? 0));
}

/** tokens × price as an integer scaled by 10^PRICE_DIGITS: binary fractions would add noise to the sum. */
function product(tokens: number, price: number): bigint {
  const scaled = (finite(price) ?? 0).toFixed(PRICE_DIGITS).replace('.', '');
  return BigInt(count(tokens)) * BigInt(scaled);
}

function decimal(scaled: bigint, digits: number): number {
  const text = scaled.toString().padStart(digits + 1, '0');
  return Number(`${text.slice(0, -digits)}.${text.slice(-digits)}`);
}
