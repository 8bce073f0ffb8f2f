import { Injectable } from '@nestjs/common';
import { AgentService, upTo } from '#libs/agent';
import type { Agent, MessageWithParts, Model, Session, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { SessionService } from '../session.service.js';
import { SessionStores } from '../session.stores.js';
import { type ToolCaller, ToolCallerFactory } from './tool-caller.js';

/** What stays the same over the steps of a turn. */
export interface PreparedTurn {
  session: Session;
  agent: Agent;
  model: Model;
  tools: ToolCaller;
  /** The conversation up to and with the user message, in turn order. */
  history: MessageWithParts[];
}

/** Looks up everything a turn needs before its first step. */
@Injectable()
export class TurnPreparation {
  constructor(
    private readonly sessions: SessionService,
    private readonly stores: SessionStores,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly toolCallers: ToolCallerFactory,
  ) {}

  async prepare(instance: Instance, user: UserMessage): Promise<PreparedTurn> {
    const session = await this.sessions.get(user.sessionID);
    const agent = await this.agents.get(instance, user.agent);
    const model = await this.providers.model(instance, user.model);
    const tools = await this.toolCallers.create({ instance, session, user, agent });
    const history = upTo(await this.stores.messages.list(user.sessionID), user.id);
    return { session, agent, model, tools, history };
  }
}
