import type { Todo } from '#libs/contract';

/** Keeps the todo list of each session. @publicApi */
export abstract class TodoStore {
  /** In the order given; empty when there is none. */
  abstract list(sessionID: string): Promise<Todo[]>;
  /** Replaces the whole list. */
  abstract replace(sessionID: string, todos: readonly Todo[]): Promise<void>;
}
