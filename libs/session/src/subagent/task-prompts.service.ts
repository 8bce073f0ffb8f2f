import { Injectable } from '@nestjs/common';
import type { Agent } from '#libs/contract';
import type { SubagentReport, SubagentTask } from '#libs/extension';
import { MentionService } from '../message/mention.service.js';
import { SessionStores } from '../session-stores.js';

/** What a subagent is told, and which model it uses. */
@Injectable()
export class TaskPrompts {
  constructor(
    private readonly stores: SessionStores,
    private readonly mentions: MentionService,
  ) {}

  async of({ instance, messageID, prompt }: SubagentTask, agent: Agent) {
    const mentioned = await this.mentions.inTaskPrompt(instance, prompt, agent);
    return {
      model: agent.model ?? (await this.callingModel(messageID)),
      parts: [{ type: 'text' as const, text: prompt }, ...mentioned],
    };
  }

  private async callingModel(messageID: string): Promise<SubagentReport['model']> {
    const info = (await this.stores.messages.find(messageID))?.info;
    if (info?.role !== 'assistant') throw new Error(`The message ${messageID} that calls a subagent does not exist`);
    return { providerID: info.providerID, modelID: info.modelID };
  }
}
