import { type Observable, Subject, Subscription } from 'rxjs';
import { pathToFileURL } from 'node:url';
import type { ProcessRunner, ProcessStart } from '#libs/extension';
import type { ServerDefinition } from '../server/server-definition.js';
import { type Diagnostic, isError, pathOfUri, type PublishedDiagnostics } from './diagnostic.js';
import { answerConfiguration } from './server-configuration.js';
import { type Change, OpenDocuments } from './open-documents.js';
import { type RequestOptions, ServerConnection } from './server-connection.js';
import { type Watcher, WatchedFiles } from './watched-files.js';

/** Milliseconds a server has to answer `initialize`. */
const INITIALIZE_LIMIT = 45_000;
/** Milliseconds of silence after which the diagnostics of a file are complete. */
const QUIET = 150;
/** Milliseconds that diagnostics are waited for. */
const DIAGNOSTICS_LIMIT = 3000;

export interface LanguageClientStart {
  server: ServerDefinition;
  /** Absolute path. */
  root: string;
  process: ProcessStart;
  initialization: Record<string, unknown>;
}

/** One running server: the files that it knows, and what it says about them. */
export class LanguageClient {
  readonly id: string;
  /** Absolute paths of files with new diagnostics. */
  readonly diagnosed$: Observable<string>;
  private readonly published = new Subject<string>();
  private readonly diagnostics = new Map<string, Diagnostic[]>();
  private readonly watched: WatchedFiles;
  private readonly documents: OpenDocuments;
  private connection!: ServerConnection;

  private constructor(
    private readonly server: ServerDefinition,
    readonly root: string,
  ) {
    this.id = server.id;
    this.diagnosed$ = this.published.asObservable();
    this.watched = new WatchedFiles(root, server.extensions);
    this.documents = new OpenDocuments((method, params) => this.connection.notify(method, params));
  }

  /** Starts a server; rejects when it cannot be started, or does not answer in time. */
  static async start(runner: ProcessRunner, start: LanguageClientStart, signal: AbortSignal): Promise<LanguageClient> {
    const client = new LanguageClient(start.server, start.root);
    await client.connect(runner, start, signal);
    return client;
  }

  get alive(): boolean {
    return this.connection.alive;
  }

  /** Resolves when the server has ended, with the reason. */
  get ended(): Promise<string> {
    return this.connection.ended;
  }

  /** What is known of every file. */
  get all(): ReadonlyMap<string, readonly Diagnostic[]> {
    return this.diagnostics;
  }

  /** Tells the server what is in a file now. */
  async open(path: string): Promise<void> {
    await this.documents.sync(path);
  }

  /** The same, and waits until the server has said what it thinks of that; at most three seconds. */
  async check(path: string, signal: AbortSignal): Promise<void> {
    const wait = AbortSignal.any([signal, AbortSignal.timeout(DIAGNOSTICS_LIMIT)]);
    // listens before it tells: the answer may be quick
    const quiet = this.quiet(path, wait);
    const change = await this.documents.sync(path);
    if (change === undefined || (change === 'none' && this.documents.isSettled(path))) return quiet.stop();
    if (this.server.confirmClean) void this.confirm(path, wait).then((clean) => clean && quiet.stop());
    await quiet.promise;
    // it is not waited for twice
    this.documents.settle(path);
  }

  /** A request about a file or the project. Rejects as {@link ServerConnection.request} does. */
  request(method: string, params: unknown, options: RequestOptions): Promise<unknown> {
    return this.connection.request(method, params, options);
  }

  /** Tells the server about changes on disk that it asked to hear of; files that are open are read again. */
  async filesChanged(changes: readonly Change[]): Promise<void> {
    const news = changes.filter(({ path }) => !this.documents.has(path) && this.watched.covers(path));
    if (news.length > 0) {
      const list = news.map(({ path, type }) => ({ uri: pathToFileURL(path).href, type }));
      this.connection.notify('workspace/didChangeWatchedFiles', { changes: list });
    }
    for (const { path, type } of changes) {
      if (type === 3) this.diagnostics.delete(path);
      if (this.documents.has(path)) await this.documents.sync(path);
    }
  }

  /** Ends the server; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.connection.stop();
  }

  private async connect(runner: ProcessRunner, start: LanguageClientStart, signal: AbortSignal): Promise<void> {
    const { initialization, root } = start;
    const workspaceFolders = [{ name: 'workspace', uri: pathToFileURL(root).href }];
    this.connection = await ServerConnection.open(runner, start.process, {
      requests: {
        'workspace/configuration': (params: unknown) => answerConfiguration(params, initialization),
        'workspace/workspaceFolders': () => workspaceFolders,
        'client/registerCapability': (params: { registrations?: Watcher[] }) => this.watched.register(params),
        'client/unregisterCapability': (params: { unregisterations?: Watcher[] }) => this.watched.unregister(params),
        'window/workDoneProgress/create': () => null,
      },
      notifications: {
        'textDocument/publishDiagnostics': (params: PublishedDiagnostics) => this.take(params),
      },
    });
    void this.connection.ended.then(() => this.published.complete());
    try {
      await this.connection.request(
        'initialize',
        {
          rootUri: pathToFileURL(root).href,
          processId: this.connection.parentPid,
          workspaceFolders,
          initializationOptions: initialization,
          capabilities: {
            window: { workDoneProgress: true },
            workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
            textDocument: {
              synchronization: { didOpen: true, didChange: true },
              publishDiagnostics: { versionSupport: true },
            },
          },
        },
        { limit: INITIALIZE_LIMIT, signal },
      );
    } catch (error) {
      await this.connection.kill();
      throw error;
    }
    this.connection.notify('initialized', {});
    if (Object.keys(initialization).length > 0)
      this.connection.notify('workspace/didChangeConfiguration', { settings: initialization });
  }

  private take({ uri, diagnostics, version }: PublishedDiagnostics): void {
    const path = pathOfUri(uri);
    if (path === undefined || !Array.isArray(diagnostics)) return;
    this.diagnostics.set(path, diagnostics);
    const current = this.documents.version(path);
    // about a text that has changed since: what is said of the new one is still to come
    if (typeof version !== 'number' || current === undefined || version >= current) {
      // an empty list of a server that publishes in pieces says nothing yet
      const whole = !this.server.confirmClean || this.documents.isClean(path) || diagnostics.some(isError);
      if (whole) this.documents.settle(path);
    }
    this.published.next(path);
  }

  /** Whether the server finds no error, in its first list or now. */
  private async confirm(path: string, signal: AbortSignal): Promise<boolean> {
    const request = (method: string, params?: unknown) =>
      this.connection.request(method, params, { limit: DIAGNOSTICS_LIMIT, signal });
    try {
      const clean = (await this.server.confirmClean?.(request, path)) ?? false;
      if (!clean) return false;
      this.documents.confirmClean(path);
      // an error that it knew before is taken back by a list that is on its way
      if (this.diagnostics.get(path)?.some(isError)) return false;
    } catch {
      // it cannot say: its next list is all there will be
      this.documents.confirmClean(path);
      return false;
    }
    this.documents.settle(path);
    return true;
  }

  /** Resolves when a file was settled and nothing more was published for a moment, when stopped, or when aborted. */
  private quiet(path: string, signal: AbortSignal): { promise: Promise<void>; stop: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const subscription = new Subscription();
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      clearTimeout(timer);
      subscription.unsubscribe();
      signal.removeEventListener('abort', stop);
      resolve();
    };
    subscription.add(
      this.published.subscribe({
        next: (published) => {
          if (published !== path || !this.documents.isSettled(path)) return;
          clearTimeout(timer);
          timer = setTimeout(stop, QUIET);
        },
        complete: stop,
      }),
    );
    signal.addEventListener('abort', stop, { once: true });
    return { promise, stop };
  }
}
