import { Injectable, Logger } from '@nestjs/common';
import { join } from 'node:path';
import { ConfigService } from '#libs/config';
import { errorText } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Environment } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import type { FileChange } from '../name-index/name-index.js';
import { NameIndexService } from '../name-index/name-index.service.js';
import { watchFilter } from './watch-filter.js';

/**
 * Tells `file.watcher.updated` for the files of every instance, from its boot to its end. Only with
 * `OPENCODE_EXPERIMENTAL_FILEWATCHER`; ignored files are not told of.
 */
@Injectable()
export class FileWatchService {
  private readonly log = new Logger(FileWatchService.name);

  constructor(
    environment: Environment,
    instances: InstanceStore,
    private readonly config: ConfigService,
    private readonly names: NameIndexService,
    private readonly events: EventBus,
  ) {
    const wanted = environment.flag('OPENCODE_EXPERIMENTAL_FILEWATCHER');
    if (!wanted || environment.flag('OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER')) return;
    instances.booted$.subscribe((instance) => {
      this.start(instance).catch((error: unknown) =>
        this.log.warn(`The files of ${instance.directory} are not watched: ${errorText(error)}`),
      );
    });
  }

  private async start(instance: Instance): Promise<void> {
    const { watcher } = await this.config.get(instance);
    if (instance.signal.aborted) return;
    const isWatched = watchFilter(watcher?.ignore ?? []);
    this.names.keep(instance, (changes) => {
      for (const change of changes) if (isWatched(change.path)) this.tell(instance, change);
    });
  }

  private tell(instance: Instance, { path, event }: FileChange): void {
    this.events.publish(instance, 'file.watcher.updated', { file: join(instance.directory, path), event });
  }
}
