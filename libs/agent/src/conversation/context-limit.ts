import type { Model, TokenUsage } from '#libs/contract';

export interface ContextLimitOptions {
  /** Tokens kept free for an answer where the model has an input limit of its own; absent = as many as it may write. */
  reserved?: number;
  /** Most tokens asked for in one answer. */
  outputTokenMax: number;
}

/** Tokens kept free at most, when the configuration does not say. */
const MAX_RESERVED = 20_000;

/** Tokens a conversation may take before it is summarised; undefined when the model has no known limit. */
export function usableContext(limit: Model['limit'], options: ContextLimitOptions): number | undefined {
  if (limit.context === 0) return undefined;
  const output = Math.min(limit.output, options.outputTokenMax) || options.outputTokenMax;
  if (limit.input === undefined || limit.input === 0) return limit.context - output;
  return limit.input - (options.reserved ?? Math.min(MAX_RESERVED, output));
}

/** Tokens that a finished step says the conversation takes. */
function contextTokens(tokens: TokenUsage): number {
  return tokens.total ?? tokens.input + tokens.output + tokens.cache.read + tokens.cache.write;
}

/** Whether a conversation is too full for another step. */
export function isContextFull(tokens: TokenUsage, limit: Model['limit'], options: ContextLimitOptions): boolean {
  const usable = usableContext(limit, options);
  return usable !== undefined && contextTokens(tokens) >= usable;
}
