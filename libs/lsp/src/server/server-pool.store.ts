import { Injectable, Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { ConfigService } from '#libs/config';
import { EventBus, type PublishedEvent } from '#libs/event';
import { Clock, Environment, inTime } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import type { LanguageClient } from '../client/language-client.js';
import type { Change } from '../client/open-documents.js';
import { serverList } from './server-list.js';
import { ServerPool } from './server-pool.js';
import { ServerStarter } from './server-starter.service.js';

/** Milliseconds from the begin of a start that callers wait for it; the start itself may take longer. */
const START_WAIT = 10_000;

interface State {
  readonly pool: ServerPool;
  readonly watching: Subscription;
}

/** The pool of language servers of each instance; it follows the changes of files that the event bus tells of. */
@Injectable()
export class ServerPoolStore {
  private readonly log = new Logger('LanguageServer');
  private readonly states = new InstanceState<Promise<State>>(
    (instance) => this.open(instance),
    async (state) => {
      const { pool, watching } = await state;
      watching.unsubscribe();
      await pool.dispose();
    },
  );

  constructor(
    private readonly config: ConfigService,
    private readonly starter: ServerStarter,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {}

  async get(instance: Instance): Promise<ServerPool> {
    return (await this.states.get(instance)).pool;
  }

  /** Undefined when no file was touched yet. */
  async find(instance: Instance): Promise<ServerPool | undefined> {
    return (await this.states.find(instance))?.pool;
  }

  /**
   * Does something with each server of some files. A server that takes too long to start is left out; it is shown its
   * files once it is there. Empty when there is none.
   */
  async eachServer<T>(
    pool: ServerPool,
    paths: readonly string[],
    signal: AbortSignal,
    work: (client: LanguageClient, paths: readonly string[]) => Promise<T>,
  ): Promise<T[]> {
    const results = (await pool.serversOf(paths)).map(async ({ client: starting, startingFor, paths: own }) => {
      const milliseconds = Math.max(0, START_WAIT - startingFor);
      const client = await inTime(starting, { milliseconds, signal }).catch(() => 'late' as const);
      if (client === 'late') {
        void starting.then((server) => server?.open(...own));
        return [];
      }
      return client ? [await work(client, own)] : [];
    });
    return (await Promise.all(results)).flat();
  }

  private async open(instance: Instance): Promise<State> {
    const config = await this.config.get(instance);
    const pool = new ServerPool(instance, serverList(config.lsp, this.environment), {
      clock: this.clock,
      start: (server, root, signal) => this.starter.start(instance, server, root, signal),
      onUpdate: () => this.events.publish(instance, 'lsp.updated', {}),
      onDiagnostics: (path, serverID) => this.events.publish(instance, 'lsp.client.diagnostics', { path, serverID }),
      onFailure: (id, root, reason) => this.log.warn(`${id} for ${root}: ${reason}`),
    });
    const watching = this.events.instance$(instance).subscribe((event) => {
      const change = changeOf(event);
      if (change) pool.changed(change.path, change.type);
    });
    return { pool, watching };
  }
}

const TYPES = { add: 1, change: 2, unlink: 3 } as const;

function changeOf({ type, properties }: PublishedEvent): Change | undefined {
  if (type !== 'file.watcher.updated') return undefined;
  const { file, event } = properties as { file: string; event: keyof typeof TYPES };
  return { path: file, type: TYPES[event] };
}
