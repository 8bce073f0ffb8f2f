import type { ProcessRunner } from '#libs/extension';
import { ShellError, ShellOutput } from './shell-output.js';
import { shellScript, type ShellValue } from './shell-script.js';

/** Milliseconds a command may take. */
const TIME_LIMIT = 10 * 60_000;
const SHELL = '/bin/sh';

type Variables = Readonly<Record<string, string | undefined>>;

/** How commands are run. */
export interface ShellSettings {
  cwd: string;
  env: Variables;
  /** Whether a command that ends with another code than 0 is an error. */
  throws: boolean;
}

export interface ShellWorld {
  processes: ProcessRunner;
  /** Ends what runs. */
  signal: AbortSignal;
}

/** `$` of a plugin: a template that runs a command, and settings for the commands after them. */
export interface PluginShell {
  (strings: TemplateStringsArray, ...values: ShellValue[]): ShellPromise;
  cwd(directory?: string): PluginShell;
  env(variables?: Variables): PluginShell;
  nothrow(): PluginShell;
  throws(should: boolean): PluginShell;
  escape(text: string): string;
}

/** The part of Bun's shell that is told in docs/plugins.md, on the shell of the machine. */
export function createShell(world: ShellWorld, defaults: ShellSettings): PluginShell {
  const settings = { ...defaults };
  const run = (strings: TemplateStringsArray, ...values: ShellValue[]) =>
    new ShellPromise(world, { ...settings }, shellScript(strings.raw, values));
  const shell: PluginShell = Object.assign(run, {
    cwd: (directory: string = defaults.cwd) => set({ cwd: directory }),
    env: (variables: Variables = defaults.env) => set({ env: variables }),
    nothrow: () => set({ throws: false }),
    throws: (should: boolean) => set({ throws: should }),
    escape: (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`,
  });
  const set = (change: Partial<ShellSettings>): PluginShell => {
    Object.assign(settings, change);
    return shell;
  };
  return shell;
}

/** A command that runs when somebody waits for it. */
export class ShellPromise implements PromiseLike<ShellOutput> {
  private running: Promise<ShellOutput> | undefined;

  constructor(
    private readonly world: ShellWorld,
    private readonly settings: ShellSettings,
    private readonly command: ReturnType<typeof shellScript>,
  ) {}

  cwd(directory: string): this {
    this.settings.cwd = directory;
    return this;
  }

  env(variables: Variables | undefined): this {
    if (variables) this.settings.env = variables;
    return this;
  }

  /** Output is only ever kept: the output of a server belongs to its log. */
  quiet(): this {
    return this;
  }

  nothrow(): this {
    return this.throws(false);
  }

  throws(should: boolean): this {
    this.settings.throws = should;
    return this;
  }

  async text(encoding?: BufferEncoding): Promise<string> {
    return (await this.run()).text(encoding);
  }

  async json(): Promise<unknown> {
    return (await this.run()).json();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.run()).arrayBuffer();
  }

  async blob(): Promise<Blob> {
    return (await this.run()).blob();
  }

  async *lines(): AsyncGenerator<string> {
    const text = await this.text();
    yield* text === '' ? [] : text.replace(/\n$/, '').split('\n');
  }

  then<A = ShellOutput, B = never>(
    done?: ((output: ShellOutput) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.run().then(done, failed);
  }

  catch<B = never>(failed?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<ShellOutput | B> {
    return this.run().catch(failed);
  }

  finally(done?: (() => void) | null): Promise<ShellOutput> {
    return this.run().finally(done);
  }

  private run(): Promise<ShellOutput> {
    return (this.running ??= this.start());
  }

  private async start(): Promise<ShellOutput> {
    const { cwd, env, throws } = this.settings;
    const { script, parameters } = this.command;
    const { processes, signal } = this.world;
    const args = ['-c', script, SHELL, ...parameters];
    const result = await processes.run({ command: SHELL, args, cwd, env, timeout: TIME_LIMIT, signal });
    const output = new ShellOutput(result);
    if (result.reason !== 'exit') throw new ShellError(output, `The command was ended (${result.reason})`);
    if (throws && output.exitCode !== 0) throw new ShellError(output, `Failed with exit code ${output.exitCode}`);
    return output;
  }
}
