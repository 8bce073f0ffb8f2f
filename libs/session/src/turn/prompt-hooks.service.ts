import { Injectable } from '@nestjs/common';
import { COMPACTION_TEMPLATE, withModeReminder } from '#libs/agent';
import type { MessageWithParts, Model } from '#libs/contract';
import { HookRegistry } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { PlanFileService } from '#libs/tool';
import type { PreparedTurn } from './turn-preparation.js';

export interface SystemMessage {
  role: 'system';
  content: string;
}

/** Lets hooks change what a model reads. */
@Injectable()
export class PromptHooks {
  constructor(
    private readonly hooks: HookRegistry,
    private readonly plans: PlanFileService,
  ) {}

  /** At most two messages, so that a first one that stays the same can be cached. */
  async system(
    instance: Instance,
    { sessionID, model }: { sessionID: string; model: Model },
    text: string,
  ): Promise<SystemMessage[]> {
    const changed = await this.hooks.run('systemPrompt', [text], { instance, sessionID, model });
    const [first = text, ...rest] = changed.filter((section) => section !== '');
    return [first, ...(rest.length > 0 ? [rest.join('\n')] : [])].map((content) => ({ role: 'system', content }));
  }

  /** What was said so far, with a reminder of the mode in which the agent works. */
  async conversation(
    instance: Instance,
    { session, agent, conversation }: Pick<PreparedTurn, 'session' | 'agent' | 'conversation'>,
  ): Promise<readonly MessageWithParts[]> {
    const history = conversation.history as MessageWithParts[];
    const changed = await this.hooks.run('conversation', history, { instance, sessionID: session.id });
    return withModeReminder(agent.name, changed, await this.plans.find(instance, session));
  }

  /** What asks for a summary. */
  async compaction(instance: Instance, sessionID: string): Promise<string> {
    const { context, prompt } = await this.hooks.run('compaction', { context: [] }, { instance, sessionID });
    return prompt ?? [COMPACTION_TEMPLATE, ...context].join('\n\n');
  }
}
