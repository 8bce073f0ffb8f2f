import { Injectable } from '@nestjs/common';
import { type MessageWithParts, type RevertInput, type Session, type SessionRevert } from '#libs/contract';
import { MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SessionGate } from '../session-gate.service.js';
import { SessionSnapshots } from '../snapshot/session-snapshots.service.js';
import { RevertMarker } from './revert-marker.js';
import { originsOf, revertedFrom, revertPoint } from './revert-point.js';

/**
 * Takes back what a session did, to the files and to the conversation, and brings it forth again. Until the next
 * prompt nothing is lost: messages stay stored behind the marker, and the files are kept in a snapshot.
 * @publicApi
 */
@Injectable()
export class RevertService {
  constructor(
    private readonly messages: MessageStore,
    private readonly snapshots: SessionSnapshots,
    private readonly marker: RevertMarker,
    private readonly gate: SessionGate,
  ) {}

  /**
   * Takes back everything from a message or part on. The files that the session changed since become what they were
   * before; other files stay. A target that does not exist changes nothing.
   * Rejects with SessionBusyError while the session works, with ConflictError when the files cannot be brought back.
   */
  revert(instance: Instance, sessionID: string, input: RevertInput): Promise<Session> {
    return this.gate.whenIdle(sessionID, async (session) => {
      const messages = await this.messages.list(sessionID);
      const point = revertPoint(messages, input);
      if (!point) return session;
      const reverted = revertedFrom(messages, point);
      const snapshot = session.revert?.snapshot ?? (await this.snapshots.track(instance));
      if (snapshot !== undefined) await this.undo(instance, snapshot, messages, reverted, session.revert);
      const diff = snapshot === undefined ? undefined : await this.snapshots.unifiedDiff(instance, snapshot);
      const revert = { ...point, ...(snapshot !== undefined && { snapshot, diff: diff ?? '' }) };
      return this.marker.set(instance, sessionID, revert, reverted);
    });
  }

  /** Brings back what was taken back: the files that the session had changed are again what they were before. */
  unrevert(instance: Instance, sessionID: string): Promise<Session> {
    return this.gate.whenIdle(sessionID, async (session) => {
      if (!session.revert) return session;
      const messages = await this.messages.list(sessionID);
      const { snapshot } = session.revert;
      if (snapshot !== undefined) {
        const files = [...originsOf(revertedFrom(messages, session.revert)).keys()];
        await this.snapshots.restore(instance, snapshot, files);
      }
      return this.marker.lift(instance, sessionID, messages);
    });
  }

  private async undo(
    instance: Instance,
    snapshot: string,
    messages: readonly MessageWithParts[],
    reverted: readonly MessageWithParts[],
    earlier: SessionRevert | undefined,
  ): Promise<void> {
    // what an earlier revert took back and this one does not comes forth again
    const targets = new Map<string, string>();
    if (earlier) for (const file of originsOf(revertedFrom(messages, earlier)).keys()) targets.set(file, snapshot);
    for (const [file, hash] of originsOf(reverted)) targets.set(file, hash);
    const byHash = Map.groupBy(targets, ([, hash]) => hash);
    try {
      for (const [hash, files] of byHash)
        await this.snapshots.restore(
          instance,
          hash,
          files.map(([file]) => file),
        );
    } catch (error) {
      // all or nothing, as far as it goes
      await this.snapshots.restore(instance, snapshot, [...targets.keys()]).catch(() => undefined);
      throw error;
    }
  }
}
