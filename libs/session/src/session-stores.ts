import { Injectable } from '@nestjs/common';
import { MessageStore, SessionStore, TodoStore } from '#libs/extension';

/** The storage ports of a session, which are always used together. */
@Injectable()
export class SessionStores {
  constructor(
    readonly sessions: SessionStore,
    readonly messages: MessageStore,
    readonly todos: TodoStore,
  ) {}
}
