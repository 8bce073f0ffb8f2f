import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ProcessEntry, processTable } from './process-table.js';

/** Milliseconds between two looks at what is left. */
const STEP = 20;
/** Looks after the hard end: a process in the kernel's hands ends when that lets go of it. */
const LAST_LOOKS = 50;

export interface EndTreeOptions {
  /** Asked first. Default `SIGTERM`; shells and what runs in terminals listen to `SIGHUP`. */
  signal?: 'SIGTERM' | 'SIGHUP';
  /** Milliseconds until those that are left are killed. Default 200. */
  grace?: number;
}

/**
 * A process with all it started: its descendants, its process group and its terminal session, whoever else adopted them
 * since they were seen.
 */
export class ProcessTree {
  /** What was seen of it: children of a dead process belong to somebody else. */
  private readonly known = new Map<number, ProcessEntry>();
  /** The root was seen and is gone: its id may be another's by now. */
  private rootless = false;

  constructor(private readonly root: number) {}

  /** Sees who belongs to it, and resolves to those that are alive. */
  async look(): Promise<number[]> {
    const { root, known } = this;
    const table = await processTable();
    const alive = new Map(table.map((entry) => [entry.pid, entry]));
    for (const [pid, entry] of known) {
      if (alive.get(pid)?.started === entry.started) continue;
      known.delete(pid);
      this.rootless ||= pid === root;
    }
    const ofRoot = (entry: ProcessEntry) => entry.pid === root || entry.group === root || entry.session === root;
    const belongs = (entry: ProcessEntry) => known.has(entry.parent) || (!this.rootless && ofRoot(entry));
    // parents usually come first; a table in another order takes more rounds
    for (let size = -1; size !== known.size;) {
      size = known.size;
      for (const entry of table) if (entry.pid > 1 && belongs(entry)) known.set(entry.pid, entry);
    }
    return [...known.keys()];
  }

  /** Ends all of it. Resolves when it is gone. */
  async end({ signal = 'SIGTERM', grace = 200 }: EndTreeOptions = {}): Promise<void> {
    let left = await this.look();
    this.sendGroup(signal);
    send(left, signal);
    // one that is stopped hears nothing until it goes on
    send(left, 'SIGCONT');
    for (let waited = 0; waited < grace && left.length > 0; waited += STEP) {
      await delay(STEP);
      left = await this.look();
    }
    this.sendGroup('SIGKILL');
    for (let looks = 0; looks < LAST_LOOKS && left.length > 0; looks++) {
      send(left, 'SIGKILL');
      await delay(STEP);
      left = await this.look();
    }
  }

  /** The kernel tells a group even where nothing can be listed. */
  private sendGroup(signal: NodeJS.Signals): void {
    if (!this.rootless) send([-this.root], signal);
  }
}

/** Ends a process with all it started, as {@link ProcessTree} sees it. Resolves when they are gone. */
export async function endProcessTree(root: number, options?: EndTreeOptions): Promise<void> {
  if (process.platform === 'win32') return endOnWindows(root);
  return new ProcessTree(root).end(options);
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ESRCH: it is gone already
    }
  }
}

async function endOnWindows(root: number): Promise<void> {
  await promisify(execFile)('taskkill', ['/T', '/F', '/PID', String(root)], { timeout: 5_000 }).catch(() => undefined);
}
