import { type AssistantMessage, createId, type UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { timeBehind } from './message-time.js';

/** An answer that has just begun. @param now milliseconds since the epoch */
export function newAnswer(
  instance: Instance,
  user: UserMessage,
  now: number,
  more: Partial<AssistantMessage> = {},
): AssistantMessage {
  const id = createId('message');
  return {
    id,
    sessionID: user.sessionID,
    role: 'assistant',
    parentID: user.id,
    time: { created: timeBehind(user, id, now) },
    modelID: user.model.modelID,
    providerID: user.model.providerID,
    mode: user.agent,
    agent: user.agent,
    path: { cwd: instance.directory, root: instance.worktree },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    ...more,
  };
}
