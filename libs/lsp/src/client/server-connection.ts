import { setTimeout as delay } from 'node:timers/promises';
import type * as JsonRpc from 'vscode-jsonrpc/node';
import type { ProcessRunner, ProcessStart, RunningProcess } from '#libs/extension';
import { FrameWatch } from './frame-watch.js';
import { LanguageServerError } from './language-server.error.js';

/** Milliseconds a server has to agree that it ends, and then to end. */
const SHUTDOWN_LIMIT = 1000;
const EXIT_GRACE = 500;
/** Bytes that a server may leave unread before it counts as stuck. */
const MAX_BACKLOG = 64 * 1024 * 1024;

export interface RequestOptions {
  /** Milliseconds until the request is given up and cancelled. */
  limit: number;
  signal?: AbortSignal;
}

/** What a server may ask its client. */
export interface ServerCalls {
  /** Answers by method; to any other the server is told that there is no such method. */
  requests: Readonly<Record<string, (params: never) => unknown>>;
  notifications: Readonly<Record<string, (params: never) => void>>;
}

/** A running language server and the JSON-RPC connection over its standard streams. */
export class ServerConnection {
  /** Resolves when the server has ended or cannot be understood, with a reason for people. */
  readonly ended: Promise<string>;
  private end!: (reason: string) => void;
  private endReason: string | undefined;
  /** Bytes that it was sent and has not read. */
  private unread = 0;
  /** It can neither be asked nor told anything; why will be known soon. */
  private closed = false;

  private constructor(
    private readonly rpc: typeof JsonRpc,
    private readonly program: RunningProcess,
    private readonly connection: JsonRpc.MessageConnection,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = (reason) => {
        if (this.endReason !== undefined) return;
        this.endReason = reason;
        connection.dispose(); // rejects what is still waited for
        resolve(reason);
      };
    });
    connection.onError(([error]) => this.fail(`its connection failed: ${error.message}`));
    connection.onClose(() => {
      this.closed = true;
      // if it ends, why it did is better to know
      void delay(EXIT_GRACE, undefined, { ref: false }).then(() => this.fail('it closed its output'));
    });
    void program.ended.then(({ exitCode }) => {
      const last = lastLine(program.errorOutput());
      this.end(`it ended${exitCode === null ? '' : ` with code ${exitCode}`}${last === '' ? '' : `: ${last}`}`);
    });
  }

  /** Rejects when the program cannot be started. */
  static async open(runner: ProcessRunner, start: ProcessStart, calls: ServerCalls): Promise<ServerConnection> {
    const rpc = await import('vscode-jsonrpc/node');
    const program = await runner.start(start);
    const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, log: () => undefined };
    const connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(program.output),
      new rpc.StreamMessageWriter(program.input),
      silent,
    );
    for (const [method, answer] of Object.entries(calls.requests))
      connection.onRequest(method, (params: unknown) => answer(params as never));
    for (const [method, take] of Object.entries(calls.notifications))
      connection.onNotification(method, (params: unknown) => take(params as never));
    const opened = new ServerConnection(rpc, program, connection);
    const frames = new FrameWatch();
    program.output.on('data', (chunk: Buffer) => {
      const problem = frames.problemOf(chunk);
      if (problem !== undefined) opened.fail(problem);
    });
    connection.listen();
    return opened;
  }

  /** For servers that end with whoever started them. */
  get parentPid(): number | null {
    return this.program.parentPid;
  }

  get alive(): boolean {
    return this.endReason === undefined;
  }

  /** Rejects with a LanguageServerError when the server refuses, ends or is too slow; when aborted, with that reason. */
  async request(method: string, params: unknown, { limit, signal }: RequestOptions): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.endReason !== undefined || this.closed)
      throw new LanguageServerError(this.endReason ?? 'it closed its output');
    const cancellation = new this.rpc.CancellationTokenSource();
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new LanguageServerError(`${method} took longer than ${limit} ms`)), limit);
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = this.connection.sendRequest(method, params, cancellation.token);
      answer.catch(() => undefined); // when it comes too late nobody listens
      return await Promise.race([
        answer.catch((error: unknown) => Promise.reject(this.refusal(method, error))),
        stopped,
      ]);
    } catch (error) {
      if (this.alive && !this.closed) cancellation.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      cancellation.dispose();
    }
  }

  /** Does not wait: a server that does not read holds nobody up. */
  notify(method: string, params: unknown): void {
    if (!this.alive || this.closed) return;
    const size = JSON.stringify(params ?? null).length;
    this.unread += size;
    if (this.unread > MAX_BACKLOG) return this.fail('it does not read what it is sent');
    try {
      const sent = this.connection.sendNotification(method, params);
      sent.catch(() => undefined).finally(() => (this.unread -= size));
    } catch {
      // its streams are closed already; that it ended will be told
    }
  }

  /** Asks the server to end, and ends it with all its processes when it does not. */
  async stop(): Promise<void> {
    try {
      await this.request('shutdown', undefined, { limit: SHUTDOWN_LIMIT });
      this.notify('exit', undefined);
      // not yet by the end of its input, which it could notice first
      await Promise.race([this.ended, delay(EXIT_GRACE, undefined, { ref: false })]);
    } catch {
      // then without its consent
    }
    await this.kill();
  }

  /** Ends the server at once. */
  async kill(): Promise<void> {
    await this.program.stop(0);
  }

  private fail(reason: string): void {
    this.end(reason);
    void this.kill();
  }

  private refusal(method: string, error: unknown): LanguageServerError {
    return new LanguageServerError(this.endReason ?? `${method}: ${reasonOf(error)}`, { cause: error });
  }
}

/** What a server says of its refusal, without where in its code that was. */
const reasonOf = (error: unknown) =>
  (error as Error).message
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join(' ')
    .slice(0, 500);

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)?.trim().slice(0, 500) ?? '';
