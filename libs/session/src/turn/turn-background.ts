import { Injectable } from '@nestjs/common';
import type { UserMessage } from '#libs/contract';
import { inTime } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { DiffService } from '../snapshot/diff.service.js';
import type { TurnSnapshots } from '../snapshot/turn-snapshots.js';
import { TitleService } from '../title.service.js';
import type { PreparedTurn } from './turn-preparation.js';

/** Milliseconds the end of a turn waits for the sums of its changes, so that nothing changes after it. */
const PATIENCE = 2_000;

/** What goes on beside a turn while the model works. */
@Injectable()
export class TurnBackground {
  constructor(
    private readonly titles: TitleService,
    private readonly diffs: DiffService,
  ) {}

  /** The turn has begun. */
  start(instance: Instance, { session, model, conversation }: PreparedTurn): void {
    this.titles.start(instance, { session, model, history: conversation.history });
    this.diffs.update(instance, { sessionID: session.id, messageID: conversation.asked.id });
  }

  /** A step of the turn has changed files. */
  changed(instance: Instance, user: UserMessage, { first, last }: TurnSnapshots): void {
    this.diffs.update(instance, { sessionID: user.sessionID, messageID: user.id, from: first, to: last });
  }

  /** Resolves when what was begun is published, or takes too long to wait for. */
  async settled(sessionID: string): Promise<void> {
    await inTime(this.diffs.settled(sessionID), { milliseconds: PATIENCE }).catch(() => undefined);
  }
}
