import { Injectable } from '@nestjs/common';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EventBus } from '#libs/event';
import { inTime, type ToolContext } from '#libs/extension';
import { type DiagnosticReport, type FormatterFailure, FormatterService, LspService } from '#libs/lsp';
import { FileTimeService, modified } from './file-time.service.js';

/** A change of one file; without `text` it is deleted. */
export interface FileChange {
  /** Absolute. */
  path: string;
  text?: string;
  /** What watchers are told of a file that was written. */
  event?: 'add' | 'change';
  /** Absolute: the file is moved from there first. */
  from?: string;
  /** The session knows all that is in it. */
  seen?: boolean;
}

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
    const { signal } = context;
    signal.throwIfAborted();
    const turn = inTime(before, { signal }).then(work);
    // a call that gave up waiting does not let the next one overtake
    const settled = Promise.allSettled([before, turn]);
    this.queues.set(path, settled);
    try {
      return await turn;
    } finally {
      void settled.then(() => this.queues.get(path) === settled && this.queues.delete(path));
    }
  }

  /** The same for several files. */
  async exclusivelyAll<T>(context: ToolContext, paths: readonly string[], work: () => Promise<T>): Promise<T> {
    // always in the same order, so that no two wait for each other
    const [path, ...rest] = [...new Set(paths)].sort();
    if (path === undefined) return work();
    return this.exclusively(context, path, () => this.exclusivelyAll(context, rest, work));
  }

  /**
   * Writes a whole file, its directories included, and formats it: what is in the file then may differ from the text.
   * Resolves with the formatters that failed.
   */
  write(context: ToolContext, path: string, text: string, exists: boolean): Promise<FormatterFailure[]> {
    return this.writeAll(context, [{ path, text, event: exists ? 'change' : 'add', seen: true }]);
  }

  /** Makes changes in their order, then formats what was written. Resolves with the formatters that failed. */
  async writeAll(context: ToolContext, changes: readonly FileChange[]): Promise<FormatterFailure[]> {
    const done: FileChange[] = [];
    try {
      for (const change of changes) {
        await make(change);
        done.push(change);
      }
    } catch (error) {
      if (done.length === 0) throw error;
      await this.finish(context, done);
      const paths = done.map(({ path }) => path).join(', ');
      throw new Error(`${(error as Error).message}\nWhat was changed before that: ${paths}`, { cause: error });
    }
    return this.finish(context, done);
  }

  /** Formats what was written and tells of it. */
  private async finish(context: ToolContext, changes: readonly FileChange[]): Promise<FormatterFailure[]> {
    const { instance, signal } = context;
    const failed: FormatterFailure[] = [];
    try {
      for (const path of writtenBy(changes)) {
        this.events.publish(instance, 'file.edited', { file: path });
        failed.push(...(await this.formatters.format(instance, path, signal)));
      }
    } finally {
      for (const { path, text, event = 'change', from, seen } of changes) {
        // a file system may have a clock of its own
        if (seen) this.times.saw(context, path, Math.max(Date.now(), await modified(path)));
        if (from !== undefined) this.events.publish(instance, 'file.watcher.updated', { file: from, event: 'unlink' });
        const told = text === undefined ? 'unlink' : event;
        this.events.publish(instance, 'file.watcher.updated', { file: path, event: told });
      }
    }
    return failed;
  }

  /** What the language servers think of files that were changed; after a few seconds whatever is known then. */
  check({ instance, signal }: ToolContext, ...paths: string[]): Promise<DiagnosticReport> {
    return this.languages.check(instance, paths, signal);
  }
}

/** The files that changes leave behind, each once. */
function writtenBy(changes: readonly FileChange[]): Set<string> {
  const written = new Set<string>();
  for (const { path, text, from } of changes) {
    if (from !== undefined) written.delete(from);
    if (text === undefined) written.delete(path);
    else written.add(path);
  }
  return written;
}

async function make({ path, text, from }: FileChange): Promise<void> {
  if (text === undefined) return rm(path);
  await mkdir(dirname(path), { recursive: true });
  if (from !== undefined) await move(from, path);
  await writeFile(path, text);
}

/** Keeps the mode of the file, also to another file system. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
