import { Injectable } from '@nestjs/common';
import type { UserMessage } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { PruningService } from '../compaction/pruning.service.js';
import { DiffService } from '../diff/diff.service.js';
import { SessionSnapshots } from '../snapshot/session-snapshots.service.js';
import { TurnSnapshots } from '../snapshot/turn-snapshots.js';
import { type TitleInput, TitleService } from '../title/title.service.js';

/** Milliseconds the end of a turn waits for the sums of its changes, so that nothing changes after it. */
const PATIENCE = 2_000;

/** What goes on beside a turn while the model works. */
@Injectable()
export class TurnBackground {
  constructor(
    private readonly titles: TitleService,
    private readonly diffs: DiffService,
    private readonly snapshots: SessionSnapshots,
    private readonly pruning: PruningService,
  ) {}

  /** Records the files around the steps of a turn. */
  record(instance: Instance): TurnSnapshots {
    return new TurnSnapshots({
      // a step goes on without a snapshot
      track: () => this.snapshots.track(instance).catch(() => undefined),
      changedFiles: (from, to) => this.snapshots.changedFiles(instance, from, to),
    });
  }

  /** The turn has begun. */
  start(instance: Instance, user: UserMessage, turn: TitleInput): void {
    this.titles.start(instance, turn);
    this.diffs.update(instance, { sessionID: user.sessionID, messageID: user.id });
  }

  /** A step of the turn has changed files. */
  changed(instance: Instance, user: UserMessage, { first, last }: TurnSnapshots): void {
    this.diffs.update(instance, { sessionID: user.sessionID, messageID: user.id, from: first, to: last });
  }

  /** The session has become idle. */
  ended(instance: Instance, sessionID: string): void {
    this.pruning.start(instance, sessionID);
  }

  /** Resolves when what was begun is published, or takes too long to wait for. */
  async settled(sessionID: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE);
    await Promise.race([this.diffs.settled(sessionID), promise]);
    clearTimeout(timer);
  }
}
