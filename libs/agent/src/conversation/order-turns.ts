import type { MessageWithParts } from '#libs/contract';

/**
 * The conversation in the order in which it was worked through: each answer directly behind the user message it
 * belongs to, and the turns in the order of their first answer. In storage order a prompt that was queued while
 * another ran stands between that one's answers, or before the summary that was made meanwhile; a model must not see
 * it there.
 * @param waitingFrom user message that waits for its answer, with those behind it: they come last
 */
export function orderTurns(history: readonly MessageWithParts[], waitingFrom?: string): MessageWithParts[] {
  const turns = new Map<string, { place: number; messages: MessageWithParts[] }>();
  const sorted: { place: number; messages: MessageWithParts[] }[] = [];
  const waitingPlace = waitingFrom === undefined ? -1 : history.findIndex(({ info }) => info.id === waitingFrom);
  for (const [index, message] of history.entries()) {
    if (message.info.role !== 'user') continue;
    const waiting = waitingPlace >= 0 && index >= waitingPlace;
    const turn = { place: waiting ? history.length + index : index, messages: [message] };
    turns.set(message.info.id, turn);
    sorted.push(turn);
  }
  for (const [index, message] of history.entries()) {
    if (message.info.role === 'user') continue;
    const turn = turns.get(message.info.parentID);
    // an answer to something that is gone keeps its place
    if (!turn) sorted.push({ place: index, messages: [message] });
    else {
      if (turn.messages.length === 1) turn.place = index;
      turn.messages.push(message);
    }
  }
  return sorted.sort((a, b) => a.place - b.place).flatMap(({ messages }) => messages);
}

/** The conversation up to and with one user message and its answers. */
export function upTo(history: readonly MessageWithParts[], userMessageID: string): MessageWithParts[] {
  const ordered = orderTurns(history, userMessageID);
  const start = ordered.findIndex(({ info }) => info.id === userMessageID);
  if (start < 0) return ordered;
  const rest = ordered.slice(start + 1);
  const next = rest.findIndex(({ info }) => info.role === 'user');
  return next < 0 ? ordered : ordered.slice(0, start + 1 + next);
}
