import { Injectable } from '@nestjs/common';
import { COMPACTION_TEMPLATE } from '#libs/agent';
import type { MessageWithParts, Model } from '#libs/contract';
import { HookRegistry } from '#libs/extension';
import type { Instance } from '#libs/instance';

export interface SystemMessage {
  role: 'system';
  content: string;
}

/** Lets hooks change what a model reads. */
@Injectable()
export class PromptHooks {
  constructor(private readonly hooks: HookRegistry) {}

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

  conversation(
    instance: Instance,
    sessionID: string,
    history: readonly MessageWithParts[],
  ): Promise<readonly MessageWithParts[]> {
    return this.hooks.run('conversation', history as MessageWithParts[], { instance, sessionID });
  }

  /** What asks for a summary. */
  async compaction(instance: Instance, sessionID: string): Promise<string> {
    const { context, prompt } = await this.hooks.run('compaction', { context: [] }, { instance, sessionID });
    return prompt ?? [COMPACTION_TEMPLATE, ...context].join('\n\n');
  }
}
