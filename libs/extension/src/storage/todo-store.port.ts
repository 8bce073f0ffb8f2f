import type { Todo } from '#libs/contract';
import { Port } from '../boot/port.js';

/** Keeps the todo list of each session. @publicApi */
export abstract class TodoStore extends Port {
  /** In the order given; empty when there is none. */
  abstract list(sessionID: string): Promise<Todo[]>;
  /** Replaces the whole list. */
  abstract replace(sessionID: string, todos: readonly Todo[]): Promise<void>;
}
