import type { MessageWithParts, Part, RevertInput, SessionRevert } from '#libs/contract';

/** Where a conversation is cut: before a message, or before one of its parts. */
export type RevertPoint = Pick<SessionRevert, 'messageID' | 'partID'>;

/**
 * Where a revert really cuts. Before a part only when a text or a call of its message stands before it; otherwise
 * before the user message of the turn, so that no answer is left without anything in it. Undefined when the target
 * does not exist.
 */
export function revertPoint(messages: readonly MessageWithParts[], input: RevertInput): RevertPoint | undefined {
  const { messageID, partID } = input;
  const target = messages.find(({ info }) => info.id === messageID);
  if (!target) return undefined;
  if (partID !== undefined) {
    const at = target.parts.findIndex(({ id }) => id === partID);
    if (at < 0) return undefined;
    if (target.parts.slice(0, at).some(({ type }) => type === 'text' || type === 'tool')) return { messageID, partID };
  }
  const { info } = target;
  if (info.role === 'user') return { messageID };
  const asked = messages.some(({ info: { id } }) => id === info.parentID);
  return { messageID: asked ? info.parentID : messageID };
}

/** Everything from the point on: whole messages, the first one perhaps with its later parts only. */
export function revertedFrom(messages: readonly MessageWithParts[], point: RevertPoint): MessageWithParts[] {
  const at = messages.findIndex(({ info }) => info.id === point.messageID);
  const [first, ...rest] = at < 0 ? [] : messages.slice(at);
  if (!first) return [];
  return [{ info: first.info, parts: partsFrom(first.parts, point.partID) }, ...rest];
}

function partsFrom(parts: readonly Part[], partID: string | undefined): Part[] {
  const at = partID === undefined ? 0 : parts.findIndex(({ id }) => id === partID);
  return at < 0 ? [] : parts.slice(at);
}

/** The files these messages changed, each with the snapshot that holds what it was before the first of them. */
export function originsOf(messages: readonly MessageWithParts[]): Map<string, string> {
  const origins = new Map<string, string>();
  for (const { parts } of messages)
    for (const part of parts) {
      if (part.type !== 'patch') continue;
      for (const file of part.files) if (!origins.has(file)) origins.set(file, part.hash);
    }
  return origins;
}
