import { Injectable, Logger } from '@nestjs/common';
import { type CompletedToolPart, prunableOutputs } from '#libs/agent';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { RecentHistory } from '../history/recent-history.service.js';
import { ContextLimitService } from './context-limit.service.js';

/** Marks old tool outputs, which the model then no longer gets, in the background. */
@Injectable()
export class PruningService {
  private readonly log = new Logger(PruningService.name);
  /** What is being done; an instance goes when it has ended. */
  private readonly working = new InstanceState(
    () => new Set<Promise<void>>(),
    async (works) => {
      await Promise.all(works);
    },
  );

  constructor(
    private readonly limits: ContextLimitService,
    private readonly history: RecentHistory,
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Returns at once. */
  start(instance: Instance, sessionID: string): void {
    if (instance.signal.aborted) return;
    const works = this.working.get(instance);
    const work = this.prune(instance, sessionID)
      .catch((error: unknown) => {
        if (!instance.signal.aborted) this.log.warn(`Session ${sessionID} was not pruned: ${String(error)}`);
      })
      .finally(() => works.delete(work));
    works.add(work);
  }

  private async prune(instance: Instance, sessionID: string): Promise<void> {
    if (!(await this.limits.prunes(instance))) return;
    for (const part of prunableOutputs(await this.history.load(sessionID))) {
      // the session may be gone by now, and its parts must not come back
      if (instance.signal.aborted || !(await this.messages.has(part.messageID))) return;
      const pruned = this.marked(part);
      await this.messages.savePart(pruned);
      this.bus.publish(instance, 'message.part.updated', { part: pruned });
    }
  }

  private marked(part: CompletedToolPart): CompletedToolPart {
    const { state } = part;
    return { ...part, state: { ...state, time: { ...state.time, compacted: this.clock.now() } } };
  }
}
