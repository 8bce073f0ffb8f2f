import { type Observable, Subject, throttleTime } from 'rxjs';
import { pathToFileURL } from 'node:url';
import { inTime, type ProcessRunner, type ProcessStart } from '#libs/extension';
import type { ServerDefinition } from '../server/server-definition.js';
import { calm } from './calm.js';
import { CLIENT_CAPABILITIES } from './client-capabilities.js';
import { type Diagnostic, pathOfUri, type PublishedDiagnostics } from './diagnostic.js';
import { KnownDiagnostics } from './known-diagnostics.js';
import { type Change, OpenDocuments, type SyncOutcome } from './open-documents.js';
import { PulledDiagnostics } from './pulled-diagnostics.js';
import type { RegistrationParams, UnregistrationParams } from './registration.js';
import { answerConfiguration } from './server-configuration.js';
import { type RequestOptions, ServerConnection } from './server-connection.js';
import { Silence } from './silence.js';
import { WatchedFiles } from './watched-files.js';

/** Milliseconds a server has to answer `initialize`. */
const INITIALIZE_LIMIT = 45_000;
/** Milliseconds of silence after which the diagnostics of a file are complete, if the server has no others. */
const SILENCE = 150;
/** Milliseconds that diagnostics are waited for. */
const DIAGNOSTICS_LIMIT = 3000;
/** Milliseconds for those of files that a change of another may have broken, and how many files are asked about. */
const OTHERS_LIMIT = 500;
const MAX_OTHERS = 32;
/** Milliseconds in which a server may say twice at most that all may be different. */
const STALE_WINDOW = 200;
/** What servers publish by themselves, beside the lists that they are asked for. */
const PUBLISHED = 'published';

export interface LanguageClientStart {
  server: ServerDefinition;
  /** Absolute path. */
  root: string;
  process: ProcessStart;
  initialization: Record<string, unknown>;
}

/** What is looked at of what a server says of itself. */
interface ServerCapabilities {
  diagnosticProvider?: unknown;
  /** A number in older servers. */
  textDocumentSync?: { save?: unknown };
}

/** One running server: the files that it knows, and what it says about them. */
export class LanguageClient {
  readonly id: string;
  /** Absolute paths of files with new diagnostics. */
  readonly diagnosed$: Observable<string>;
  private readonly diagnosed = new Subject<string>();
  /** What was said of files when the server was asked does not hold any more. */
  private readonly stale = new Subject<void>();
  private readonly silence = new Silence();
  private readonly diagnostics = new KnownDiagnostics();
  private readonly watched: WatchedFiles;
  private readonly documents: OpenDocuments;
  private readonly pulled: PulledDiagnostics;
  private publishes = false;
  /** Some servers compile only then. */
  private checksWhatIsSaved = false;
  /** It has answered before; one that was just started may answer first and read its settings then. */
  private answers = false;
  private connection!: ServerConnection;

  private constructor(
    private readonly server: ServerDefinition,
    readonly root: string,
  ) {
    this.id = server.id;
    this.diagnosed$ = this.diagnosed.pipe(calm);
    this.watched = new WatchedFiles(root, server.extensions);
    this.documents = new OpenDocuments(
      (method, params) => this.connection.notify(method, params),
      (path) => this.forget(path, PUBLISHED), // nobody will ask about it any more, or say that it is mended
    );
    this.pulled = new PulledDiagnostics({
      request: (method, params, options) => this.connection.request(method, params, options),
      diagnose: server.diagnose,
      // in a way of its own a server says what it would have published
      take: (path, identifier, list) => this.take(path, server.diagnose ? PUBLISHED : `asked ${identifier}`, list),
    });
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

  /** What is known of every file, in the order in which it was learned of them. */
  get all(): Iterable<[path: string, diagnostics: readonly Diagnostic[]]> {
    return this.diagnostics;
  }

  /** Tells the server what is in files now. */
  async open(...paths: string[]): Promise<void> {
    const shown = await Promise.all(paths.map(async (path) => ({ path, outcome: await this.show(path) })));
    // what it thinks of one may depend on the others: it is asked when it was told of all
    for (const { path, outcome } of shown) {
      if (outcome === 'changed') this.saved(path);
      if (outcome === 'changed' || outcome === 'opened') void this.pull(path);
    }
  }

  /** The same, and waits until the server has said what it thinks of them; at most three seconds. */
  async check(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const wait = AbortSignal.any([signal, AbortSignal.timeout(DIAGNOSTICS_LIMIT)]);
    const waits: Promise<void>[] = [];
    const show = async (path: string) => {
      const outcome = await this.show(path);
      // it may speak of one before it is told of the next
      if (outcome !== undefined && !this.documents.isSettled(path)) waits.push(this.silence.of(path, wait));
      return { path, outcome };
    };
    const shown = (await Promise.all(paths.map(show))).filter(({ outcome }) => outcome !== undefined);
    for (const { path, outcome } of shown) {
      if (outcome !== 'known') this.saved(path);
      else if (!this.dependsOnNews(path)) continue;
      void this.pull(path);
      if (this.pulled.isAsking(path)) waits.push(this.silence.of(path, wait));
    }
    await Promise.all(waits);
    // it is not waited for twice
    for (const { path } of shown) this.documents.settle(path);
  }

  /** After files were checked: asks about others that are open, if what is said of one depends on another. */
  async checkOthers(signal: AbortSignal): Promise<void> {
    const others = this.documents.latest(MAX_OTHERS).filter((path) => this.dependsOnNews(path));
    if (others.length === 0 || signal.aborted) return;
    const wait = AbortSignal.any([signal, AbortSignal.timeout(OTHERS_LIMIT)]);
    // one after the other: what there is no time for is not left to be done
    for (const path of others.reverse())
      if (!wait.aborted) await inTime(this.ask(path), { signal: wait }).catch(() => undefined);
  }

  /** A request about a file or the project. Rejects as {@link ServerConnection.request} does. */
  request(method: string, params: unknown, options: RequestOptions): Promise<unknown> {
    return this.connection.request(method, params, options);
  }

  /** Tells the server about changes on disk that it asked to hear of; files that are open are read again. */
  async filesChanged(changes: readonly Change[]): Promise<void> {
    const news = changes.filter((change) => !this.documents.has(change.path) && this.watched.covers(change));
    if (news.length > 0) {
      const list = news.map(({ path, type }) => ({ uri: pathToFileURL(path).href, type }));
      this.connection.notify('workspace/didChangeWatchedFiles', { changes: list });
      this.documents.outdate();
    }
    for (const { path, type } of changes) if (type === 3) this.diagnostics.forget(path);
    await this.open(...changes.map(({ path }) => path).filter((path) => this.documents.has(path)));
  }

  /** Tells the server of open files that were changed since it was shown them. Resolves with their paths. */
  async catchUp(): Promise<string[]> {
    const paths = await this.documents.outdated();
    await this.open(...paths);
    return paths;
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
        'client/registerCapability': (params: RegistrationParams) => this.register(params),
        'client/unregisterCapability': (params: UnregistrationParams) => this.unregister(params),
        'workspace/diagnostic/refresh': () => {
          this.stale.next();
          return null;
        },
        'window/workDoneProgress/create': () => null,
      },
      notifications: {
        'textDocument/publishDiagnostics': (params: PublishedDiagnostics) => this.takePublished(params),
        ...this.server.notifications?.((method, params) => this.connection.notify(method, params)),
      },
    });
    this.stale
      .pipe(throttleTime(STALE_WINDOW, undefined, { leading: true, trailing: true }))
      .subscribe(() => this.documents.latest(MAX_OTHERS).forEach((path) => void this.pull(path)));
    void this.connection.ended.then(() =>
      [this.diagnosed, this.silence, this.stale].forEach((news) => news.complete()),
    );
    const params = {
      rootUri: pathToFileURL(root).href,
      processId: this.connection.parentPid,
      workspaceFolders,
      initializationOptions: initialization,
      capabilities: CLIENT_CAPABILITIES,
    };
    let answer: unknown;
    try {
      answer = await this.connection.request('initialize', params, { limit: INITIALIZE_LIMIT, signal });
    } catch (error) {
      await this.connection.kill();
      throw error;
    }
    const { capabilities } = (answer ?? {}) as { capabilities?: ServerCapabilities };
    this.pulled.offered(capabilities?.diagnosticProvider);
    this.checksWhatIsSaved = Boolean(capabilities?.textDocumentSync?.save);
    this.connection.notify('initialized', {});
    if (Object.keys(initialization).length > 0)
      this.connection.notify('workspace/didChangeConfiguration', { settings: initialization });
  }

  private async show(path: string): Promise<SyncOutcome> {
    const outcome = await this.documents.sync(path);
    if (outcome === undefined) this.forget(path);
    return outcome;
  }

  /** It is not open any more. */
  private forget(path: string, but?: string): void {
    this.pulled.forget(path);
    this.diagnostics.forget(path, but);
  }

  private saved(path: string): void {
    if (this.checksWhatIsSaved)
      this.connection.notify('textDocument/didSave', { textDocument: { uri: pathToFileURL(path).href } });
  }

  private register(params: RegistrationParams): null {
    this.watched.registrations.register(params);
    // files were opened before it said that it can be asked
    if (this.pulled.registrations.register(params)) this.stale.next();
    return null;
  }

  private unregister(params: UnregistrationParams): null {
    this.watched.registrations.unregister(params);
    this.pulled.registrations.unregister(params);
    return null;
  }

  /** Whether what it said of a file may not hold any more, although that did not change. */
  private dependsOnNews(path: string): boolean {
    return this.pulled.reachesOtherFiles && this.documents.isStale(path);
  }

  private ask(path: string): Promise<boolean> {
    this.documents.asked(path);
    return this.pulled.ask(path);
  }

  private async pull(path: string): Promise<void> {
    const answered = this.ask(path);
    // who waits for the end of a silence waits for this
    if (this.pulled.isAsking(path)) this.silence.expect(path);
    if (!(await answered)) return;
    const whole = this.server.diagnose !== undefined || (this.answers && !this.publishes);
    this.settle(path, whole ? 0 : undefined);
    this.answers = true;
  }

  private takePublished({ uri, diagnostics, version }: PublishedDiagnostics): void {
    const path = pathOfUri(uri);
    if (path === undefined || !Array.isArray(diagnostics)) return;
    if (this.server.diagnose && this.answers && this.documents.has(path)) {
      if (!this.pulled.isAsking(path)) void this.pull(path);
      return;
    }
    this.publishes = true;
    this.take(path, PUBLISHED, diagnostics);
    const current = this.documents.version(path);
    // about a text that has changed since: what is said of the new one is still to come
    if (typeof version === 'number' && current !== undefined && version < current) return;
    if (!this.pulled.isAsking(path)) this.settle(path);
  }

  private take(path: string, source: string, diagnostics: readonly unknown[]): void {
    this.diagnostics.set(path, source, diagnostics);
    this.diagnosed.next(path);
  }

  private settle(path: string, silence = this.server.silence ?? SILENCE): void {
    this.documents.settle(path);
    this.silence.spoken(path, silence);
  }
}
