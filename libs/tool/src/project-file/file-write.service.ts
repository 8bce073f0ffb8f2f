import { Injectable } from '@nestjs/common';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EventBus } from '#libs/event';
import type { ToolContext } from '#libs/extension';
import { type DiagnosticReport, type FormatterFailure, FormatterService, LspService } from '#libs/lsp';
import { FileTimeService, modified } from './file-time.service.js';

/** Changes files of a project, one change of a file at a time, and tells about it. */
@Injectable()
export class FileWriteService {
  /** The last change queued for each file. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly events: EventBus,
    private readonly times: FileTimeService,
    private readonly formatters: FormatterService,
    private readonly languages: LspService,
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

  /**
   * Writes a whole file, its directories included, and formats it: what is in the file then may differ from the text.
   * Resolves with the formatters that failed.
   */
  async write(context: ToolContext, path: string, text: string, exists: boolean): Promise<FormatterFailure[]> {
    const { instance, signal } = context;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    this.events.publish(instance, 'file.edited', { file: path });
    try {
      return await this.formatters.format(instance, path, signal);
    } finally {
      // a file system may have a clock of its own
      this.times.saw(context, path, Math.max(Date.now(), await modified(path)));
      this.events.publish(instance, 'file.watcher.updated', { file: path, event: exists ? 'change' : 'add' });
    }
  }

  /** What the language servers think of files that were changed; after a few seconds whatever is known then. */
  check({ instance, signal }: ToolContext, ...paths: string[]): Promise<DiagnosticReport> {
    return this.languages.check(instance, paths, signal);
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
