import type { MessageWithParts, Part } from '#libs/contract';

/** Metadata of the text by which the server makes the work on an earlier message go on. */
export const CONTINUATION = { continuation: true } as const;

/**
 * Whether a user message is a piece of the turn that wrote it and begins none of its own: a summary that the server
 * asked for by itself, or its word that the work goes on.
 */
export function isContinuation({ info, parts }: MessageWithParts): boolean {
  return info.role === 'user' && parts.length > 0 && parts.every(continues);
}

const continues = (part: Part) =>
  part.type === 'compaction' ? part.auto : part.type === 'text' && part.metadata?.['continuation'] === true;
