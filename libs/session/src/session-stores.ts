import { Injectable } from '@nestjs/common';
import { MessageStore, SessionStore, TodoStore } from '#libs/extension';
import { HistoryRepair } from './history/history-repair.service.js';

/** The storage ports of a session, which are always used together. */
@Injectable()
export class SessionStores {
  constructor(
    readonly sessions: SessionStore,
    readonly messages: MessageStore,
    readonly todos: TodoStore,
    /** To be asked before the history of a session is used. */
    readonly repair: HistoryRepair,
  ) {}
}
