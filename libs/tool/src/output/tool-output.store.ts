import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Subscription, take } from 'rxjs';
import { createId, idTime } from '#libs/contract';
import { Environment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';

const RETENTION = 7 * 24 * 60 * 60_000;
const SWEEP_INTERVAL = 60 * 60_000;

/** Keeps the full text of outputs that were too long for the model, for a week. */
@Injectable()
export class ToolOutputStore implements OnModuleDestroy {
  private readonly log = new Logger(ToolOutputStore.name);
  private readonly directory: string;
  private readonly booted: Subscription;
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;

  constructor(environment: Environment, instances: InstanceStore) {
    this.directory = join(environment.paths.data, 'tool-output');
    // the start of the server pays nothing for it
    this.booted = instances.booted$.pipe(take(1)).subscribe(() => this.keepSweeping());
  }

  async onModuleDestroy(): Promise<void> {
    this.booted.unsubscribe();
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Resolves to the absolute path of the saved text. */
  async save(text: string): Promise<string> {
    await mkdir(this.directory, { recursive: true });
    const path = join(this.directory, createId('tool'));
    await writeFile(path, text);
    return path;
  }

  private keepSweeping(): void {
    const sweep = () => void (this.sweeping = this.sweep());
    sweep();
    this.timer = setInterval(sweep, SWEEP_INTERVAL).unref();
  }

  /** Deletes what is older than a week by the time in its name; other files are left alone. */
  private async sweep(): Promise<void> {
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
