import { endProcessTree } from './process-tree.js';

/** Milliseconds between two looks whether a group is empty by itself. */
const LOOK = 5_000;

interface Leftover {
  readonly end: () => Promise<void>;
}

/** What commands left running when they were over (`server &`): it may go on, but not longer than its owner. */
export class BackgroundProcesses {
  private readonly groups = new Set<Leftover>();

  /**
   * @param group id of a process group whose leader has exited
   * @param owner ends the group when it is aborted; absent = {@link endAll} does
   * @param forget called when the group is empty
   */
  keep(group: number, owner: AbortSignal | undefined, forget: () => void): void {
    if (!exists(group)) return forget();
    const timer = setInterval(() => {
      if (!exists(group)) over();
    }, LOOK).unref();
    const over = () => {
      clearInterval(timer);
      owner?.removeEventListener('abort', onAbort);
      this.groups.delete(leftover);
      forget();
    };
    let ending: Promise<void> | undefined;
    const leftover = { end: () => (ending ??= endProcessTree(group).then(over)) };
    const onAbort = () => void leftover.end();
    this.groups.add(leftover);
    owner?.addEventListener('abort', onAbort, { once: true });
    if (owner?.aborted) onAbort();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.groups].map((leftover) => leftover.end()));
  }
}

function exists(group: number): boolean {
  if (process.platform === 'win32') return false;
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
