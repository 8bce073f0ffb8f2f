import type { AssistantMessage, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** An answer that has just begun. @param now milliseconds since the epoch */
export function newAnswer(
  instance: Instance,
  user: UserMessage,
  id: string,
  now: number,
  more: Partial<AssistantMessage> = {},
): AssistantMessage {
  return {
    id,
    sessionID: user.sessionID,
    role: 'assistant',
    parentID: user.id,
    // a clock that was set back makes no answer older than its question
    time: { created: Math.max(now, user.time.created) },
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
