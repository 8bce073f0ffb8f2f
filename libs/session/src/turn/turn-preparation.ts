import { Injectable } from '@nestjs/common';
import { AgentService, newestMeasured, sinceCompaction, upTo } from '#libs/agent';
import type { Agent, AssistantMessage, Model, Part, Session, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { RecentHistory } from '../history/recent-history.service.js';
import { StructuredOutput } from '../output/structured-output.js';
import { SessionService } from '../session.service.js';
import { Conversation } from './conversation.js';
import { type ToolCaller, ToolCallerFactory } from './tool-caller.js';

/** What the steps of a turn share. */
export interface PreparedTurn {
  session: Session;
  agent: Agent;
  model: Model;
  tools: ToolCaller;
  /** The conversation from the newest summary up to and with the user message. */
  conversation: Conversation;
  /** Present when the answer has to fit a schema. */
  structured?: StructuredOutput;
  /** The newest answer that says how full the context is. */
  measured?: AssistantMessage;
}

/** Looks up everything a turn needs before its first step. */
@Injectable()
export class TurnPreparation {
  constructor(
    private readonly sessions: SessionService,
    private readonly history: RecentHistory,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly toolCallers: ToolCallerFactory,
  ) {}

  /** What kept a turn from going on, in the form stored with the message. */
  failure(error: unknown, { model }: UserMessage): NonNullable<AssistantMessage['error']> {
    return this.providers.messageError(error, model);
  }

  async prepare(instance: Instance, user: UserMessage): Promise<PreparedTurn> {
    const session = await this.sessions.get(user.sessionID);
    const agent = await this.agents.get(instance, user.agent);
    const model = await this.providers.model(instance, user.model);
    const messages = upTo(await this.history.load(user.sessionID), user.id);
    const conversation = new Conversation(user, sinceCompaction(messages, user.id));
    // in the session of a subagent a model wrote the prompt, not a person
    const invitesAgents = session.parentID === undefined && conversation.askedParts.some(isAgent);
    const tools = await this.toolCallers.create({ instance, session, user, agent, model, conversation, invitesAgents });
    const measured = newestMeasured(messages);
    const structured = await StructuredOutput.for(user);
    return {
      session,
      agent,
      model,
      tools,
      conversation,
      ...(structured && { structured }),
      ...(measured && { measured }),
    };
  }
}

const isAgent = (part: Part) => part.type === 'agent';
