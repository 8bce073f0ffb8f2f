import type { MessageError, MessageWithParts, SessionStatus } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** What a turn gets of the run it belongs to. */
export interface TurnSurroundings {
  instance: Instance;
  /** Ends the turn. */
  controller: AbortController;
  setStatus: (status: SessionStatus) => void;
  /** Told before the message with the error is completed. */
  onError: (error: MessageError) => void;
}

/** A piece of work of a session: the answer to a prompt, or a command of the user. */
export interface RunTurn {
  /** The conversation that a model would read next, when the turn has run. */
  readonly history: readonly MessageWithParts[];
  /** Resolves with the message that stands for the work, also when it was aborted. */
  run(): Promise<MessageWithParts>;
  /** Brings what is in memory to the store. */
  flush(): Promise<void>;
}

export type OpenTurn = (surroundings: TurnSurroundings) => RunTurn;
