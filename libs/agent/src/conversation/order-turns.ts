import type { MessageWithParts } from '#libs/contract';

/**
 * The conversation with each answer directly behind the user message it belongs to. In storage order a prompt that
 * was queued while another ran stands between that one's answers; a model must not see it there.
 */
export function orderTurns(history: readonly MessageWithParts[]): MessageWithParts[] {
  const answers = new Map<string, MessageWithParts[]>();
  const users = new Set(history.filter(({ info }) => info.role === 'user').map(({ info }) => info.id));
  for (const message of history) {
    if (message.info.role !== 'assistant' || !users.has(message.info.parentID)) continue;
    const list = answers.get(message.info.parentID) ?? [];
    answers.set(message.info.parentID, list);
    list.push(message);
  }
  return history.flatMap((message) => {
    if (message.info.role === 'user') return [message, ...(answers.get(message.info.id) ?? [])];
    // an answer to something that is gone keeps its place
    return users.has(message.info.parentID) ? [] : [message];
  });
}

/** The conversation up to and with one user message and its answers. */
export function upTo(history: readonly MessageWithParts[], userMessageID: string): MessageWithParts[] {
  const ordered = orderTurns(history);
  const start = ordered.findIndex(({ info }) => info.id === userMessageID);
  if (start < 0) return ordered;
  const rest = ordered.slice(start + 1);
  const next = rest.findIndex(({ info }) => info.role === 'user');
  return next < 0 ? ordered : ordered.slice(0, start + 1 + next);
}
