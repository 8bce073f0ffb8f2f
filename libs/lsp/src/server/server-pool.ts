import type { LSPStatus } from '#libs/contract';
import type { Clock } from '#libs/extension';
import { type Instance, within } from '#libs/instance';
import { relative } from 'node:path';
import type { Change } from '../client/open-documents.js';
import { extensionOf } from '../client/language-id.js';
import type { LanguageClient } from '../client/language-client.js';
import { ChangedFiles } from './changed-files.js';
import { findRoot } from './root-rule.js';
import type { ServerDefinition } from './server-definition.js';
import { ServerMissingError } from './server-missing.error.js';

/** Milliseconds until a server that failed is tried again, by the number of failures before. */
const RETRY = [5_000, 30_000, 120_000, 600_000];
/** Milliseconds until a program that was not there is looked for again. */
const MISSING_RETRY = 300_000;
/** A server that worked for this long, in milliseconds, starts with a clean record. */
const PROVEN = 300_000;

/** What a pool needs of the world. */
export interface PoolSurroundings {
  clock: Clock;
  start(server: ServerDefinition, root: string, signal: AbortSignal): Promise<LanguageClient>;
  /** The list of servers changed. */
  onUpdate(): void;
  onDiagnostics(path: string, id: string): void;
  /** A server cannot be used: told once per reason. */
  onFailure(id: string, root: string, reason: string): void;
}

/** A server that somebody waits for. */
export interface AwaitedServer {
  /** The files it is needed for. */
  readonly paths: readonly string[];
  /** Undefined when it is broken or missing. */
  readonly client: Promise<LanguageClient | undefined>;
  /** Milliseconds that its start, which may include its installation, has taken so far. */
  readonly startingFor: number;
}

/** One server for one folder. */
interface Slot {
  readonly server: ServerDefinition;
  readonly root: string;
  starting?: Promise<LanguageClient | undefined>;
  startingSince: number;
  client?: LanguageClient;
  startedAt: number;
  failures: number;
  /** Set while the server is not to be started. */
  failure?: { reason: string; until: number; missing: boolean };
}

/** The language servers of one instance: started when a file first needs them, one per server and folder. */
export class ServerPool {
  private readonly slots = new Map<string, Slot>();
  private readonly ending = new AbortController();
  private readonly changes = new ChangedFiles(async (changes) => {
    await Promise.allSettled(this.running.map((client) => client.filesChanged(changes)));
  });

  constructor(
    private readonly instance: Instance,
    private readonly servers: readonly ServerDefinition[],
    private readonly surroundings: PoolSurroundings,
  ) {}

  /** The servers that run, in the order in which they were started. */
  get running(): LanguageClient[] {
    return [...this.slots.values()].flatMap(({ client }) => (client?.alive ? client : []));
  }

  /** Whether any server is for such a file: cheap, for callers that have nothing to do otherwise. */
  covers(path: string): boolean {
    return this.instance.contains(path) && this.serversFor(path).length > 0;
  }

  /**
   * The servers of some files, started if need be; those that are broken or missing are left out. One promise for each,
   * so that a slow one holds up nobody who waits for another.
   */
  async serversOf(paths: readonly string[]): Promise<AwaitedServer[]> {
    const needs = await Promise.all(
      paths.map(async (path) => (await this.slotsOf(path)).map((slot) => ({ slot, path }))),
    );
    return [...Map.groupBy(needs.flat(), ({ slot }) => slot)].map(([slot, group]) => ({
      ...this.acquire(slot),
      paths: group.map(({ path }) => path),
    }));
  }

  /** Running servers, and those that failed although they are installed. */
  statuses(): LSPStatus[] {
    return [...this.slots.values()].flatMap(({ server, root, client, failure }) => {
      const status = client?.alive ? 'connected' : failure && !failure.missing ? 'error' : undefined;
      return status ? { id: server.id, name: server.id, root: relative(this.instance.directory, root), status } : [];
    });
  }

  /** A file changed on disk; the servers hear of it in a moment. Without a type it is found out what happened. */
  changed(path: string, type?: Change['type']): void {
    if (this.running.length > 0) this.changes.add(path, type);
  }

  /** Tells servers what changed on disk since they were asked last. Resolves with the open files that did, by server. */
  async catchUp(): Promise<[client: LanguageClient, paths: string[]][]> {
    await this.changes.flush();
    return Promise.all(this.running.map(async (client) => [client, await client.catchUp()]));
  }

  /** Ends every server, also those that are being started. */
  async dispose(): Promise<void> {
    this.ending.abort(new Error('the instance ends'));
    this.changes.clear();
    await Promise.all(
      [...this.slots.values()].map(async ({ starting, client }) => (client ?? (await starting))?.stop()),
    );
  }

  private serversFor(path: string): ServerDefinition[] {
    const extension = extensionOf(path);
    return this.servers.filter(({ extensions }) => extensions.length === 0 || extensions.includes(extension));
  }

  private async slotsOf(path: string): Promise<Slot[]> {
    const { directory, worktree } = this.instance;
    const top = within(directory, path) ? directory : worktree;
    const search = { path, top, worktree: worktree === '/' ? directory : worktree };
    const found = await Promise.all(
      this.serversFor(path).map(async (server) => ({ server, root: await findRoot(server.root, search) })),
    );
    return found.flatMap(({ server, root }) => (root === undefined ? [] : this.slotFor(server, root)));
  }

  private slotFor(server: ServerDefinition, root: string): Slot {
    const key = JSON.stringify([server.id, root]);
    const slot = this.slots.get(key) ?? { server, root, startedAt: 0, startingSince: 0, failures: 0 };
    this.slots.set(key, slot);
    return slot;
  }

  private acquire(slot: Slot): Omit<AwaitedServer, 'paths'> {
    if (slot.client?.alive) return { client: Promise.resolve(slot.client), startingFor: 0 };
    const now = this.surroundings.clock.now();
    if (!slot.starting && !this.ending.signal.aborted && !(slot.failure && now < slot.failure.until)) {
      slot.startingSince = now;
      slot.starting = this.start(slot).finally(() => delete slot.starting);
    }
    return { client: slot.starting ?? Promise.resolve(undefined), startingFor: now - slot.startingSince };
  }

  private async start(slot: Slot): Promise<LanguageClient | undefined> {
    const { surroundings } = this;
    try {
      const client = await surroundings.start(slot.server, slot.root, this.ending.signal);
      slot.client = client;
      slot.startedAt = surroundings.clock.now();
      client.diagnosed$.subscribe((path) => surroundings.onDiagnostics(path, slot.server.id));
      void client.ended.then((reason) => this.ended(slot, reason));
      surroundings.onUpdate();
      return client;
    } catch (error) {
      this.failed(slot, (error as Error).message, error instanceof ServerMissingError);
      return undefined;
    }
  }

  private ended(slot: Slot, reason: string): void {
    if (this.ending.signal.aborted) return;
    if (this.surroundings.clock.now() - slot.startedAt >= PROVEN) slot.failures = 0;
    this.failed(slot, reason, false);
    this.surroundings.onUpdate();
  }

  private failed(slot: Slot, reason: string, missing: boolean): void {
    if (this.ending.signal.aborted) return;
    const wait = missing ? MISSING_RETRY : (RETRY[slot.failures] ?? RETRY.at(-1)!);
    if (slot.failure?.reason !== reason) this.surroundings.onFailure(slot.server.id, slot.root, reason);
    if (!missing) slot.failures++;
    delete slot.client;
    slot.failure = { reason, missing, until: this.surroundings.clock.now() + wait };
  }
}
