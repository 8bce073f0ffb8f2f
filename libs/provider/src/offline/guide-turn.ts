import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { callFor, candidates, type GuideCall } from './guide-call.js';
import { report, type GuideResult } from './guide-report.js';
import { readRequest, unwrap } from './guide-request.js';
import { HELP, NOT_UNDERSTOOD, notOffered } from './guide-text.js';
import { titleOf } from './guide-title.js';

/** What the guide says in one step, and the tool it calls after it. */
export interface GuideTurn {
  text: string;
  call?: GuideCall;
}

/** A system prompt that only asks for a title is short; that of an agent is not. */
const SHORT_PROMPT = 2_000;

/** Decides one step from the conversation and the tools offered. Deterministic. */
export function decide({ prompt, tools = [] }: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'>): GuideTurn {
  const { message, results } = newestTurn(prompt);
  const text = textOf(message);
  if (tools.length === 0 && asksForTitle(prompt)) return { text: titleOf(unwrap(text) ?? text) };
  if (results.length > 0) return { text: report(results) };
  const request = readRequest(text);
  if (request.kind === 'help') return { text: HELP };
  if (request.kind === 'unknown') return { text: NOT_UNDERSTOOD };
  const call = callFor(request, new Set(tools.map((tool) => tool.name)));
  if (call) return { text: `${call.intro}\n`, call };
  return { text: notOffered(candidates(request).map(({ tool }) => tool)) };
}

interface NewestTurn {
  message: LanguageModelV4Message | undefined;
  /** Results of the tool calls made since that message. */
  results: GuideResult[];
}

function newestTurn(prompt: LanguageModelV4Prompt): NewestTurn {
  const start = prompt.findLastIndex((message, index) => message.role === 'user' && !carriesResult(prompt, index));
  const inputs = new Map<string, Record<string, unknown>>();
  const results: GuideResult[] = [];
  for (const message of prompt.slice(start + 1)) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue;
    for (const part of message.content) {
      if (part.type === 'tool-call') inputs.set(part.toolCallId, asRecord(part.input));
      if (part.type === 'tool-result')
        results.push({ tool: part.toolName, input: inputs.get(part.toolCallId) ?? {}, output: part.output });
    }
  }
  return { message: prompt[start], results };
}

/** Media in a tool result may be sent as a user message of its own right after it. */
function carriesResult(prompt: LanguageModelV4Prompt, index: number): boolean {
  const message = prompt[index];
  return (
    prompt[index - 1]?.role === 'tool' &&
    message?.role === 'user' &&
    message.content.some((part) => part.type === 'file' || part.text.startsWith('ERROR: '))
  );
}

/** What the user typed: texts that the server adds stand after it. */
function textOf(message: LanguageModelV4Message | undefined): string {
  if (message?.role !== 'user') return '';
  for (const part of message.content) if (part.type === 'text' && part.text.trim() !== '') return part.text;
  return '';
}

function asksForTitle(prompt: LanguageModelV4Prompt): boolean {
  return prompt.some(
    (message) =>
      message.role === 'system' && message.content.length < SHORT_PROMPT && /\btitle\b/i.test(message.content),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
