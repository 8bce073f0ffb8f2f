import type { MessageWithParts } from '#libs/contract';
import { isContinuation } from './continuation.js';

/** What was asked, its answers, and what the server wrote meanwhile to make the work go on. */
export type TurnMessages = readonly MessageWithParts[];

/**
 * The turns of a conversation, or of the end of one, in the order in which they were asked for, which is the one in which they are worked
 * through. In storage order a prompt or a note that came while a turn was running stands between that one's answers,
 * or before the summary that was made meanwhile; a model must not see it there.
 */
export function turnsOf(history: readonly MessageWithParts[]): TurnMessages[] {
  const turns: MessageWithParts[][] = [];
  /** Turns whose beginning is not there: it was before all that is. */
  const earlier: MessageWithParts[][] = [];
  /** Turns by the ids of their user messages. */
  const byAsked = new Map<string, MessageWithParts[]>();
  const begin = (asked: string, among: MessageWithParts[][]): MessageWithParts[] => {
    const turn: MessageWithParts[] = [];
    among.push(turn);
    byAsked.set(asked, turn);
    return turn;
  };
  /** The turn that was at work last. */
  let working: MessageWithParts[] | undefined;
  for (const message of history) {
    const { info } = message;
    if (info.role === 'user') {
      const turn = isContinuation(message) ? (working ?? begin(info.id, earlier)) : begin(info.id, turns);
      turn.push(message);
      byAsked.set(info.id, turn);
    } else {
      working = byAsked.get(info.parentID) ?? begin(info.parentID, earlier);
      working.push(message);
    }
  }
  return [...earlier, ...turns];
}

/** The conversation in the order of its turns. */
export function orderTurns(history: readonly MessageWithParts[]): MessageWithParts[] {
  return turnsOf(history).flat();
}

/** The conversation up to and with the turn of one user message; the whole of it when that is not there. */
export function upTo(history: readonly MessageWithParts[], userMessageID: string): MessageWithParts[] {
  const turns = turnsOf(history);
  const last = turns.findIndex((turn) => turn.some(({ info }) => info.id === userMessageID));
  return (last < 0 ? turns : turns.slice(0, last + 1)).flat();
}
