import { Injectable } from '@nestjs/common';
import { AgentService } from '#libs/agent';
import type { SummarizeInput, UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { RecentHistory } from '../history/recent-history.service.js';
import { type PromptReceipt, SessionRunner } from '../run/session.runner.js';
import { CompactionService } from './compaction.service.js';

/** Summarises a conversation because a person asks for it. @publicApi */
@Injectable()
export class SummarizeService {
  constructor(
    private readonly runner: SessionRunner,
    private readonly history: RecentHistory,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly compactions: CompactionService,
  ) {}

  /**
   * Waits for its turn like a prompt. The reply comes when the summary is written, also when that failed: the error is
   * on the message. Rejects with a WireError, and nothing stored, when the session or the model does not exist.
   */
  async summarize(instance: Instance, sessionID: string, input: SummarizeInput): Promise<PromptReceipt> {
    const { providerID, modelID, auto = false } = input;
    await this.providers.model(instance, { providerID, modelID });
    return this.runner.enqueue(instance, sessionID, async () => {
      const agent = await this.agent(instance, sessionID);
      return this.compactions.ask(instance, { sessionID, agent, model: { providerID, modelID } }, auto);
    });
  }

  /** The agent of the newest prompt. */
  private async agent(instance: Instance, sessionID: string): Promise<string> {
    const newest = (await this.history.load(sessionID)).findLast(({ info }) => info.role === 'user');
    return (newest?.info as UserMessage | undefined)?.agent ?? (await this.agents.default(instance)).name;
  }
}
