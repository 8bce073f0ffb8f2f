import { Injectable } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import { ConflictError, type FileDiff } from '#libs/contract';
import { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { LspService } from '#libs/lsp';
import { SnapshotError, SnapshotService } from '#libs/project';
import { TurnSnapshots } from './turn-snapshots.js';

/** Snapshots for sessions: none without git, none for editors that keep their own, none with `snapshot: false`. */
@Injectable()
export class SessionSnapshots {
  constructor(
    private readonly snapshots: SnapshotService,
    private readonly config: ConfigService,
    private readonly environment: Environment,
    private readonly languages: LspService,
  ) {}

  /** The files as they are now; undefined when they are not recorded. */
  async track(instance: Instance): Promise<string | undefined> {
    if (this.environment.client === 'acp' || !this.snapshots.available(instance)) return undefined;
    const { snapshot } = await this.config.get(instance);
    return snapshot === false ? undefined : this.snapshots.track(instance);
  }

  /** Records the files around the steps of a turn. */
  ofTurn(instance: Instance): TurnSnapshots {
    return new TurnSnapshots({
      // a step goes on without a snapshot
      track: () => this.track(instance).catch(() => undefined),
      changedFiles: async (from, to) => {
        const files = await this.snapshots.changedFiles(instance, from, to);
        this.languages.changed(instance, files);
        return files;
      },
    });
  }

  async diff(instance: Instance, from: string | undefined, to: string | undefined): Promise<FileDiff[]> {
    if (from === undefined || to === undefined || from === to) return [];
    return this.snapshots.diff(instance, from, to);
  }

  /** From a snapshot to the files as they are now. */
  unifiedDiff(instance: Instance, from: string): Promise<string> {
    return this.snapshots.unifiedDiff(instance, from);
  }

  /** Makes files what they were. Rejects with a ConflictError that says why, when that cannot be done. */
  async restore(instance: Instance, hash: string, files: readonly string[]): Promise<void> {
    try {
      await this.snapshots.restore(instance, hash, files);
      this.languages.changed(instance, files);
    } catch (error) {
      if (SnapshotError.is(error)) throw new ConflictError(`The files cannot be brought back: ${error.message}`);
      throw error;
    }
  }
}
