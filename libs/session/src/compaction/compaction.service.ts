import { Injectable } from '@nestjs/common';
import { AgentService, COMPACTION_CONTINUE, condensed, type StepRequest, type StepTools, toPrompt } from '#libs/agent';
import type { AssistantMessage, MessageWithParts, Model, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { adaptPrompt, ProviderService } from '#libs/provider';
import type { TurnPlace } from '../message/turn-place.js';
import { UserMessageWriter } from '../message/user-message.writer.js';
import { PromptHooks } from '../turn/prompt-hooks.service.js';

/** A summary that is about to be written. */
export interface PreparedCompaction {
  model: Model;
  /** What its message says beside the usual. */
  message: Pick<AssistantMessage, 'agent' | 'mode' | 'modelID' | 'providerID' | 'summary'>;
  request: StepRequest;
}

/** Summaries have no tools; a call that comes all the same fails. */
const NO_TOOLS: StepTools = {
  offered: [],
  execute: () => Promise.reject(new Error('There are no tools while a conversation is being summarised')),
  endTurn: () => false,
};

/** Summarises conversations so that they fit the context of the model. */
@Injectable()
export class CompactionService {
  constructor(
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly users: UserMessageWriter,
    private readonly hooks: PromptHooks,
  ) {}

  /**
   * Writes the user message that asks for a summary.
   * @param auto whether the work goes on after it
   * @param place in the turn that asks for it; unless given, it begins one
   */
  ask(
    instance: Instance,
    { sessionID, agent, model }: Pick<UserMessage, 'sessionID' | 'agent' | 'model'>,
    auto: boolean,
    place?: TurnPlace,
  ) {
    return this.users.write(instance, { sessionID, agent, model }, [{ type: 'compaction', auto }], place);
  }

  /** Writes the user message that makes the work go on after a summary. */
  goOn(instance: Instance, asked: UserMessage, place: TurnPlace) {
    return this.users.follow(instance, asked, COMPACTION_CONTINUE, place);
  }

  /**
   * Everything for the step that writes a summary.
   * @param history the conversation with the request for the summary
   * @param short the conversation was too long already: it is sent in a smaller form
   */
  async prepare(
    instance: Instance,
    user: UserMessage,
    history: readonly MessageWithParts[],
    short: boolean,
  ): Promise<PreparedCompaction> {
    const agent = await this.agents.get(instance, 'compaction');
    const model = await this.providers.model(instance, agent.model ?? user.model);
    const { sessionID, id: requestID } = user;
    const prompt = adaptPrompt(
      [
        ...(await this.hooks.system(instance, { sessionID, model }, agent.prompt ?? '')),
        ...toPrompt(short ? condensed(history) : history, model),
        { role: 'user', content: [{ type: 'text', text: await this.hooks.compaction(instance, sessionID) }] },
      ],
      model,
    );
    const settings = await this.providers.callSettings(instance, model, {
      sessionID,
      requestID,
      agent,
      initiator: 'agent',
      message: user,
    });
    return {
      model,
      message: { agent: agent.name, mode: agent.name, modelID: model.id, providerID: model.providerID, summary: true },
      request: {
        model: await this.providers.languageModel(instance, model),
        options: { prompt, ...settings },
        tools: NO_TOOLS,
        toError: (error) => this.providers.messageError(error, model),
      },
    };
  }
}
