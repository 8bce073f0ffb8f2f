import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createId, idTime } from '#libs/contract';
import { Environment } from '#libs/extension';

const RETENTION = 7 * 24 * 60 * 60_000;
const SWEEP_INTERVAL = 60 * 60_000;

/** Keeps the full text of outputs that were too long for the model, for a week. */
@Injectable()
export class ToolOutputStore implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(ToolOutputStore.name);
  private readonly directory: string;
  private timer?: NodeJS.Timeout;

  constructor(environment: Environment) {
    this.directory = join(environment.paths.data, 'tool-output');
  }

  onModuleInit(): void {
    void this.sweep();
    this.timer = setInterval(() => void this.sweep(), SWEEP_INTERVAL).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Resolves to the absolute path of the saved text. */
  async save(text: string): Promise<string> {
    await mkdir(this.directory, { recursive: true });
    const path = join(this.directory, createId('tool'));
    await writeFile(path, text);
    return path;
  }

  /** Deletes what is older than a week by the time in its name; other files are left alone. */
  async sweep(): Promise<void> {
    const oldest = Date.now() - RETENTION;
    for (const name of await readdir(this.directory).catch(() => [])) {
      const time = name.startsWith('tool_') ? idTime(name) : undefined;
      if (time === undefined || time >= oldest) continue;
      await rm(join(this.directory, name), { force: true }).catch((error: unknown) =>
        this.log.warn(`Cannot delete the old tool output ${name}: ${String(error)}`),
      );
    }
  }
}
