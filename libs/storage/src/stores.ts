import type { MessageStore, ProjectStore, SessionStore, TodoStore } from '#libs/extension';

/** The storage ports of one adapter, over the same data. @publicApi */
export interface Stores {
  readonly sessions: SessionStore;
  readonly messages: MessageStore;
  readonly todos: TodoStore;
  readonly projects: ProjectStore;
}
