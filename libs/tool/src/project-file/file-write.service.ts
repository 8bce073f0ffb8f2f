import { Injectable } from '@nestjs/common';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EventBus } from '#libs/event';
import type { ToolContext } from '#libs/extension';
import { FileTimeService, modified } from './file-time.service.js';

/** Changes files of a project, one change of a file at a time, and tells about it. */
@Injectable()
export class FileWriteService {
  /** The last change queued for each file. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly events: EventBus,
    private readonly times: FileTimeService,
  ) {}

  /** Runs `work` when no other change of the file is under way; what it waits for (a permission) counts. */
  async exclusively<T>(context: ToolContext, path: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(path) ?? Promise.resolve();
    const turn = unlessAborted(before, context.signal).then(work);
    // a call that gave up waiting does not let the next one overtake
    const settled = Promise.allSettled([before, turn]);
    this.queues.set(path, settled);
    try {
      return await turn;
    } finally {
      void settled.then(() => this.queues.get(path) === settled && this.queues.delete(path));
    }
  }

  /** Writes a whole file, its directories included. */
  async write(context: ToolContext, path: string, text: string, exists: boolean): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    // a file system may have a clock of its own
    this.times.saw(context, path, Math.max(Date.now(), await modified(path)));
    this.events.publish(context.instance, 'file.edited', { file: path });
    this.events.publish(context.instance, 'file.watcher.updated', { file: path, event: exists ? 'change' : 'add' });
  }
}

async function unlessAborted(wait: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([wait, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
