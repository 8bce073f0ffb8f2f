import { createId, type Message, type MessageWithParts, type Part } from '#libs/contract';
import { endInterrupted } from './interrupted.js';

/** `X` becomes `X (fork #1)`, which becomes `X (fork #2)`. */
export function forkTitle(title: string): string {
  const [, name = title, number = '0'] = /^(.*) \(fork #(\d+)\)$/s.exec(title) ?? [];
  return `${name} (fork #${Number(number) + 1})`;
}

/** By place; an id that is not there cuts where it would stand. */
export function messagesBefore(messages: MessageWithParts[], messageID: string | undefined): MessageWithParts[] {
  if (messageID === undefined) return messages;
  const at = messages.findIndex(({ info }) => info.id === messageID);
  return at < 0 ? messages.filter(({ info }) => info.id < messageID) : messages.slice(0, at);
}

/**
 * The messages as those of another session, with ids of their own. What is being written is copied as far as it got, as
 * if it had been aborted. @param now milliseconds since the epoch
 */
export function copyConversation(
  messages: readonly MessageWithParts[],
  sessionID: string,
  now: number,
): MessageWithParts[] {
  const ids = new Map<string, string>();
  return messages.map((message) => copyOf(endInterrupted(message, now), sessionID, ids));
}

/** @param ids new ids of the messages copied so far */
function copyOf({ info, parts }: MessageWithParts, sessionID: string, ids: Map<string, string>): MessageWithParts {
  const id = createId('message');
  ids.set(info.id, id);
  const owner = { sessionID, messageID: id };
  const copied: Message =
    info.role === 'assistant'
      ? { ...info, id, sessionID, parentID: ids.get(info.parentID) ?? info.parentID }
      : { ...info, id, sessionID };
  return { info: copied, parts: parts.map((part) => copyOfPart(part, owner)) };
}

function copyOfPart(part: Part, owner: { sessionID: string; messageID: string }): Part {
  const copy = { ...part, ...owner, id: createId('part') };
  if (copy.type !== 'tool' || copy.state.status !== 'completed' || !copy.state.attachments) return copy;
  const attachments = copy.state.attachments.map((file) => ({ ...file, ...owner, id: createId('part') }));
  return { ...copy, state: { ...copy.state, attachments } };
}
