import type { LanguageModelV4FinishReason, LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ToolResult } from '#libs/extension';

/** Reasons a step can end with, as stored on the message. */
export type FinishReason = LanguageModelV4FinishReason['unified'];

/**
 * What one step tells while it runs, in order. Blocks of text and reasoning are named by `id`, tool calls by `callID`.
 */
export type StepEvent =
  /** The request is on its way; comes again with each repetition. */
  | { type: 'stream-open' }
  | { type: 'step-start' }
  | { type: 'text-start' | 'reasoning-start'; id: string; metadata?: SharedV4ProviderMetadata }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string; metadata?: SharedV4ProviderMetadata }
  | { type: 'text-end' | 'reasoning-end'; id: string; metadata?: SharedV4ProviderMetadata }
  /** The model has begun a call; its arguments are not complete. */
  | { type: 'tool-pending'; callID: string; tool: string }
  | {
      type: 'tool-running';
      callID: string;
      tool: string;
      input: Record<string, unknown>;
      metadata?: SharedV4ProviderMetadata;
    }
  | { type: 'tool-completed'; callID: string; result: ToolResult }
  | { type: 'tool-failed'; callID: string; message: string }
  | { type: 'step-finish'; reason: FinishReason; usage: LanguageModelV4Usage; metadata?: SharedV4ProviderMetadata }
  /** The request failed and is made again. `next` is in milliseconds since the epoch. */
  | { type: 'retry'; attempt: number; message: string; next: number };
