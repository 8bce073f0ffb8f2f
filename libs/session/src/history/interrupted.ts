import { TOOL_ABORTED } from '#libs/agent';
import type { Message, MessageWithParts, Part, ToolPart } from '#libs/contract';
import { abortedError } from '../message/aborted-error.js';
import { failedCall } from '../message/ended-call.js';

/**
 * A message that nobody is writing any more, brought to an end: as an abort at `now` would have left it. What is whole
 * comes back as it was, the same objects.
 */
export function endInterrupted({ info, parts }: MessageWithParts, now: number): MessageWithParts {
  if (info.role !== 'assistant') return { info, parts };
  return { info: endMessage(info, now), parts: parts.map((part) => endPart(part, now)) };
}

function endMessage(info: Extract<Message, { role: 'assistant' }>, now: number): Message {
  if (info.time.completed !== undefined) return info;
  return { ...info, error: info.error ?? abortedError(), time: { ...info.time, completed: now } };
}

function endPart(part: Part, now: number): Part {
  if (part.type === 'tool') return endCall(part, now);
  if (part.type !== 'text' && part.type !== 'reasoning') return part;
  if (part.time === undefined || part.time.end !== undefined) return part;
  return { ...part, time: { ...part.time, end: now } };
}

function endCall(part: ToolPart, now: number): ToolPart {
  const { status } = part.state;
  return status === 'completed' || status === 'error' ? part : failedCall(part, TOOL_ABORTED, now);
}
