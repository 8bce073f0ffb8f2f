import { Injectable } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { Environment, type ToolContext } from '#libs/extension';
import { InstanceState, RecentMap } from '#libs/instance';

/** Sessions; one that has seen no file for so long has to read again. */
const REMEMBERED = 1_000;

type Caller = Pick<ToolContext, 'instance' | 'sessionID'>;

/**
 * Remembers when a session last saw each file, so that it never overwrites what somebody else changed meanwhile.
 * Milliseconds since the epoch, per instance.
 */
@Injectable()
export class FileTimeService {
  private readonly sessions = new InstanceState(() => new RecentMap<string, Map<string, number>>(REMEMBERED));
  private readonly disabled: boolean;

  constructor(environment: Environment) {
    this.disabled = environment.flag('OPENCODE_DISABLE_FILETIME_CHECK');
  }

  /** The session knows the file as it was at `time`. */
  saw({ instance, sessionID }: Caller, path: string, time: number): void {
    const sessions = this.sessions.get(instance);
    const files = sessions.get(sessionID) ?? new Map<string, number>();
    sessions.set(sessionID, files.set(path, time));
  }

  /** Rejects when the session has not read an existing file, or not since it changed. */
  async check({ instance, sessionID }: Caller, path: string): Promise<void> {
    if (this.disabled) return;
    const seen = this.sessions.get(instance).get(sessionID)?.get(path);
    if (seen === undefined)
      throw new Error(`You must read file ${path} before overwriting it. Use the Read tool first`);
    const changed = await modified(path);
    if (changed <= seen) return;
    throw new Error(
      `File ${path} has been modified since it was last read.\nLast modification: ${iso(changed)}\n` +
        `Last read: ${iso(seen)}\n\nPlease read the file again before modifying it.`,
    );
  }
}

const iso = (time: number) => new Date(time).toISOString();

/** When a file was last changed, in whole milliseconds: comparable with the clock. */
export async function modified(path: string): Promise<number> {
  return Math.floor((await stat(path)).mtimeMs);
}
