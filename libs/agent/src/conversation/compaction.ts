import type { AssistantMessage, MessageWithParts, Part, ToolPart } from '#libs/contract';

/** Whether a user message asks for the conversation to be summarised. */
export function isCompaction({ info, parts }: MessageWithParts): boolean {
  return info.role === 'user' && parts.some(({ type }) => type === 'compaction');
}

/** Whether a message is a summary that can stand for what came before it. */
export function isFinishedSummary({ info, parts }: MessageWithParts): boolean {
  return (
    info.role === 'assistant' &&
    info.summary === true &&
    info.finish !== undefined &&
    !info.error &&
    parts.some((part) => part.type === 'text' && part.text.trim() !== '')
  );
}

/** A conversation up to and with one of its messages; the whole of it when that is not there. */
export function upTo(history: readonly MessageWithParts[], messageID: string): MessageWithParts[] {
  const at = history.findIndex(({ info }) => info.id === messageID);
  return at < 0 ? [...history] : history.slice(0, at + 1);
}

/**
 * What a model reads of a conversation: from the newest summary on. Attempts to summarise
 * that failed or were interrupted are left out, so that they never stand in the way.
 * @param current a request for a summary that is being carried out
 */
export function sinceCompaction(history: readonly MessageWithParts[], current?: string): MessageWithParts[] {
  const done = new Set(history.filter(isFinishedSummary).map(({ info }) => (info as AssistantMessage).parentID));
  const start = history.findLastIndex((message) => isCompaction(message) && done.has(message.info.id));
  const dropped = new Set(
    history
      .filter((message) => isCompaction(message) && !done.has(message.info.id) && message.info.id !== current)
      .map(({ info }) => info.id),
  );
  return history
    .slice(Math.max(start, 0))
    .filter(({ info }) => !dropped.has(info.role === 'user' ? info.id : info.parentID));
}

/** Whether the end of a conversation holds its newest summary, with the request for it. */
export function reachesSummary(end: readonly MessageWithParts[]): boolean {
  const summary = end.findLast(isFinishedSummary)?.info as AssistantMessage | undefined;
  return end.some(({ info }) => info.id === summary?.parentID);
}

/**
 * The newest message whose token counts say how full the context is. None when there is a summary behind it, or an
 * attempt to make one: an attempt that failed is not repeated by itself.
 */
export function newestMeasured(history: readonly MessageWithParts[]): AssistantMessage | undefined {
  for (const message of history.toReversed()) {
    if (isCompaction(message)) return undefined;
    const { info } = message;
    if (info.role === 'assistant' && info.finish !== undefined && !info.summary) return info;
  }
  return undefined;
}

/** Characters that are left of a tool output where room is short. */
const SHORT_OUTPUT = 1_000;

/** The conversation in a smaller form for a summary: media are left out and tool outputs are cut. */
export function condensed(history: readonly MessageWithParts[]): MessageWithParts[] {
  return history.map(({ info, parts }) => ({ info, parts: parts.flatMap(condensedPart) }));
}

function condensedPart(part: Part): Part[] {
  if (part.type === 'file') return [];
  if (part.type !== 'tool' || part.state.status !== 'completed') return [part];
  const { attachments: _attachments, ...state } = part.state;
  const output =
    state.output.length > SHORT_OUTPUT
      ? `${state.output.slice(0, SHORT_OUTPUT)}\n(the rest is left out)`
      : state.output;
  return [{ ...part, state: { ...state, output } } satisfies ToolPart];
}
