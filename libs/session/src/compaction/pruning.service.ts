import { Injectable, Logger } from '@nestjs/common';
import { prunableOutputs } from '#libs/agent';
import type { MessageWithParts } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
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
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Returns at once. @param history as the model would read it next */
  start(instance: Instance, history: readonly MessageWithParts[]): void {
    if (instance.signal.aborted) return;
    const works = this.working.get(instance);
    const work = this.prune(instance, history)
      .catch((error: unknown) => {
        const sessionID = history[0]?.info.sessionID;
        if (!instance.signal.aborted) this.log.warn(`Session ${sessionID} was not pruned: ${String(error)}`);
      })
      .finally(() => works.delete(work));
    works.add(work);
  }

  private async prune(instance: Instance, history: readonly MessageWithParts[]): Promise<void> {
    const outputs = prunableOutputs(history);
    if (outputs.length === 0 || !(await this.limits.prunes(instance))) return;
    for (const { id, messageID } of outputs) {
      const stored = (await this.messages.find(messageID))?.parts.find((part) => part.id === id);
      if (instance.signal.aborted) return;
      // it may be gone by now, and must not come back
      if (stored?.type !== 'tool' || stored.state.status !== 'completed') continue;
      const { state } = stored;
      const part = { ...stored, state: { ...state, time: { ...state.time, compacted: this.clock.now() } } };
      await this.messages.savePart(part);
      this.bus.publish(instance, 'message.part.updated', { part });
    }
  }
}
