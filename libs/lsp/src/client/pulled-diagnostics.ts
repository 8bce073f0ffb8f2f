import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { pathOfUri } from './diagnostic.js';
import { type DocumentFilter, selects } from './document-selector.js';
import type { ServerDefinition } from '../server/server-definition.js';
import { Registrations } from './registration.js';
import type { RequestOptions } from './server-connection.js';

const METHOD = 'textDocument/diagnostic';
/** Milliseconds a server may take to answer; nobody waits for so long, but what it says then is kept. */
const LIMIT = 30_000;
/** Milliseconds until a server that could not answer is asked again, at first and at most. */
const FIRST_PAUSE = 100;
const LAST_PAUSE = 2000;
/** Errors of the protocol: the text changed meanwhile; the server had something else to do. */
const CONTENT_MODIFIED = -32801;
const SERVER_CANCELLED = -32802;

/** What a server offers to be asked. */
interface Provider {
  identifier: string;
  /** A change of one file may change what is said of another. */
  interFileDependencies: boolean;
  documentSelector: readonly DocumentFilter[] | null;
}

interface Report {
  kind?: 'full' | 'unchanged';
  resultId?: string;
  items?: unknown;
  relatedDocuments?: Record<string, Report> | null;
}

/** What asking needs of the world. */
export interface PullSurroundings {
  request: (method: string, params: unknown, options: RequestOptions) => Promise<unknown>;
  /** Asks in a way of the server's own instead of that of the protocol. */
  diagnose: ServerDefinition['diagnose'];
  /** A list of a file; the identifier tells apart the lists of one server. */
  take(path: string, identifier: string, diagnostics: readonly unknown[]): void;
}

/** Asks a server what it thinks of files: many do not publish that by themselves. */
export class PulledDiagnostics {
  /** What the server said of itself when it was initialized has an empty id. */
  readonly registrations = new Registrations<Partial<Provider>, Provider>(METHOD, (options) => options);
  /** Of each file, by identifier: what the next answer may refer to. */
  private readonly resultIds = new Map<string, Map<string, string>>();
  private readonly asking = new Map<string, { stop: AbortController; answered: Promise<boolean> }>();

  constructor(private readonly surroundings: PullSurroundings) {}

  /** Takes in what a server answered to `initialize`. */
  offered(provider: unknown): void {
    if (typeof provider === 'object' && provider !== null)
      this.registrations.register({ registrations: [{ id: '', method: METHOD, registerOptions: provider }] });
  }

  get reachesOtherFiles(): boolean {
    if (this.surroundings.diagnose) return true;
    return [...this.registrations.all.values()].some(({ interFileDependencies }) => interFileDependencies === true);
  }

  isAsking(path: string): boolean {
    return this.asking.has(path);
  }

  /**
   * Asks about an open file, again if that is being done. Resolves to whether the server has said all that it says when
   * it is asked; false when it cannot be asked, takes too long, or the file was closed. Never rejects.
   */
  ask(path: string): Promise<boolean> {
    const identifiers = this.identifiersFor(path);
    // such a file it has nothing to say of, or it cannot be asked at all
    if (identifiers.size === 0) return Promise.resolve(this.registrations.all.size > 0);
    this.asking.get(path)?.stop.abort();
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT)]);
    const questions = [...identifiers].map((identifier) => this.askOne(path, identifier, signal));
    const answered = Promise.all(questions).then((answers) => {
      const latest = this.asking.get(path);
      // the answer to a question that took the place of this one counts
      if (latest?.stop !== stop) return latest?.answered ?? false;
      this.asking.delete(path);
      return answers.every(Boolean);
    });
    this.asking.set(path, { stop, answered });
    return answered;
  }

  /** The file is not open any more. */
  forget(path: string): void {
    this.asking.get(path)?.stop.abort();
    this.asking.delete(path);
    this.resultIds.delete(path);
  }

  /** A server may register anew before it takes back what it registered before; `` is one without a name. */
  private identifiersFor(path: string): Set<string> {
    if (this.surroundings.diagnose) return new Set(['']);
    const providers = [...this.registrations.all.values()];
    const fitting = providers.filter(({ documentSelector }) => selects(documentSelector, path));
    return new Set(fitting.map(({ identifier = '' }) => identifier));
  }

  private async askOne(path: string, identifier: string, signal: AbortSignal): Promise<boolean> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LAST_PAUSE)) {
      try {
        const report = await this.reportOf(path, identifier, { limit: LIMIT, signal });
        if (signal.aborted) return false;
        this.take(path, identifier, report ?? {});
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        // one that refuses has nothing to say, but may publish it where there are two ways
        if (!isForNow(error)) return !this.surroundings.diagnose;
        await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async reportOf(path: string, identifier: string, options: RequestOptions): Promise<Report | null> {
    const { request, diagnose } = this.surroundings;
    if (diagnose) return { items: await diagnose((method, params) => request(method, params, options), path) };
    const previousResultId = this.resultIds.get(path)?.get(identifier);
    const params = {
      textDocument: { uri: pathToFileURL(path).href },
      ...(identifier !== '' && { identifier }),
      ...(previousResultId !== undefined && { previousResultId }),
    };
    return (await request(METHOD, params, options)) as Report | null;
  }

  private take(path: string, identifier: string, { kind, resultId, items, relatedDocuments }: Report): void {
    if (kind !== 'unchanged') this.surroundings.take(path, identifier, Array.isArray(items) ? items : []);
    const ids = this.resultIds.get(path) ?? new Map<string, string>();
    if (typeof resultId === 'string') this.resultIds.set(path, ids.set(identifier, resultId));
    else ids.delete(identifier);
    for (const [uri, report] of Object.entries(relatedDocuments ?? {})) {
      const related = pathOfUri(uri);
      if (related !== undefined) this.take(related, identifier, report);
    }
  }
}

/** Whether a server would answer when it is asked again. */
function isForNow(error: unknown): boolean {
  const { code, data } = ((error as Error).cause ?? {}) as { code?: number; data?: { retriggerRequest?: boolean } };
  return code === CONTENT_MODIFIED || (code === SERVER_CANCELLED && data?.retriggerRequest !== false);
}
