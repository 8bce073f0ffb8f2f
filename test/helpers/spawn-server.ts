import { type ChildProcess, spawn } from 'node:child_process';
import { readReply, sendRequest, type TestReply, type TestRequest } from '../../src/testing/test-request.js';
import { isolated } from '../../src/testing/test-server.js';
import { makeFolder, removeFolder } from '../../src/testing/temporary-folder.js';
import { builtCommand } from './built-command.js';

/** Milliseconds a command may take to say or do something. */
const PATIENCE = 40_000;

export interface SpawnOptions {
  /** Environment variables besides those that keep the command away from the machine it runs on. */
  variables?: Record<string, string>;
  /** Home directory to use again; default a new one, removed at the end. */
  home?: string;
  cwd?: string;
  /** What is piped in; default nothing. */
  input?: string;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The `opencode` command as a process of its own. */
export class SpawnedCommand implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ending>;
  private readonly wakers = new Set<() => void>();
  private running = true;

  private constructor(
    readonly process: ChildProcess,
    readonly home: string,
    private readonly ownsHome: boolean,
  ) {
    process.stdout?.setEncoding('utf8').on('data', (text: string) => this.hear('stdout', text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => this.hear('stderr', text));
    this.ended = new Promise((resolve, reject) => {
      process.once('error', reject);
      process.once('close', (code, signal) => {
        this.running = false;
        for (const wake of [...this.wakers]) wake();
        resolve({ code, signal });
      });
    });
  }

  static async start(args: readonly string[], options: SpawnOptions = {}): Promise<SpawnedCommand> {
    const command = await builtCommand();
    const home = options.home ?? (await makeFolder());
    const child = spawn(process.execPath, [command, ...args], {
      cwd: options.cwd ?? home,
      env: isolated(home, options.variables),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(options.input);
    return new SpawnedCommand(child, home, options.home === undefined);
  }

  /** Waits for text on stdout and returns what the pattern found. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const found = pattern.exec(this.stdout);
      if (found) resolve(found);
      else if (!this.running) reject(new Error(`The command ended.\n${this.stdout}\n${this.stderr}`));
    };
    const timer = setTimeout(
      () => reject(new Error(`No ${String(pattern)} in time.\n${this.stdout}\n${this.stderr}`)),
      PATIENCE,
    );
    this.wakers.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.wakers.delete(look);
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    if (this.running) this.process.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
    if (this.ownsHome) await removeFolder(this.home);
  }

  private hear(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const wake of [...this.wakers]) wake();
  }
}

/** A server in a process of its own that has said where it listens. */
export class SpawnedServer implements AsyncDisposable {
  private constructor(
    readonly command: SpawnedCommand,
    readonly url: string,
  ) {}

  /** @param args further words of `opencode serve`; without a port a free one is taken. */
  static async start(args: readonly string[] = [], options: SpawnOptions = {}): Promise<SpawnedServer> {
    const port = args.some((arg) => arg.startsWith('--port')) ? [] : ['--port', 'any'];
    const command = await SpawnedCommand.start(['serve', ...port, ...args], options);
    try {
      const [, url] = await command.says(/^opencode server listening on (\S+)$/m);
      return new SpawnedServer(command, url!);
    } catch (error) {
      await command[Symbol.asyncDispose]();
      throw error;
    }
  }

  get home(): string {
    return this.command.home;
  }

  /** Sends a request and reads the answer. */
  async request(path: string, request: TestRequest = {}): Promise<TestReply> {
    return readReply(await sendRequest(new URL(path, this.url), request));
  }

  stop(signal?: NodeJS.Signals): Promise<Ending> {
    return this.command.stop(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.command[Symbol.asyncDispose]();
  }
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Ending & { stdout: string; stderr: string }> {
  await using command = await SpawnedCommand.start(args, options);
  const timer = setTimeout(() => command.process.kill('SIGKILL'), PATIENCE);
  try {
    const ending = await command.ended;
    return { ...ending, stdout: command.stdout, stderr: command.stderr };
  } finally {
    clearTimeout(timer);
  }
}
