import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { errorText, type Worktree } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Environment, ProcessRunner } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { GitRunner } from '../git.runner.js';

/** Milliseconds: the files of a large repository; the installation of everything a project needs. */
const CHECKOUT_TIMEOUT = 10 * 60_000;
const COMMAND_TIMEOUT = 60 * 60_000;

interface Background {
  readonly directory: string;
  readonly end: AbortController;
  readonly task: Promise<void>;
}

/** What goes on in a worktree after the answer of the request that made it. */
@Injectable()
export class WorktreeStarter implements OnModuleDestroy {
  private readonly log = new Logger(WorktreeStarter.name);
  private readonly ending = new AbortController();
  private readonly running = new Set<Background>();

  constructor(
    private readonly git: GitRunner,
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
    private readonly instances: InstanceStore,
    private readonly events: EventBus,
  ) {}

  /**
   * Checks out the files, boots an instance, tells `worktree.ready` or `worktree.failed`, and runs the commands one
   * after the other; one that fails ends the row.
   */
  start(worktree: Worktree, commands: readonly string[]): void {
    this.inBackground(worktree.directory, async (signal) => {
      const { name, branch, directory } = worktree;
      try {
        await this.checkOut(directory, signal);
        await this.instances.use(directory, async (instance) => {
          this.events.publishGlobal('worktree.ready', { name, branch }, directory);
          await this.commands(instance, commands, signal);
        });
      } catch (error) {
        if (signal.aborted) return;
        this.events.publishGlobal('worktree.failed', { message: errorText(error) }, directory);
      }
    });
  }

  /** Runs commands in a worktree that is there. */
  again(directory: string, commands: readonly string[]): void {
    if (commands.length === 0) return;
    this.inBackground(directory, (signal) =>
      this.instances.use(directory, (instance) => this.commands(instance, commands, signal)),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort(new Error('The server is shutting down'));
    await Promise.all([...this.running].map(({ task }) => task));
  }

  /** Ends what goes on in a worktree. */
  async stop(directory: string): Promise<void> {
    const all = [...this.running].filter((each) => each.directory === directory);
    for (const { end } of all) end.abort();
    await Promise.all(all.map(({ task }) => task));
  }

  private inBackground(directory: string, work: (signal: AbortSignal) => Promise<void>): void {
    const end = new AbortController();
    const task = work(AbortSignal.any([this.ending.signal, end.signal]))
      .catch((error: unknown) => this.log.warn(`${directory}: ${errorText(error)}`))
      .finally(() => this.running.delete(own));
    const own = { directory, end, task };
    this.running.add(own);
  }

  private async checkOut(directory: string, signal: AbortSignal): Promise<void> {
    const options = { timeout: CHECKOUT_TIMEOUT, signal };
    const { ok, error } = await this.git.run(directory, ['reset', '--hard', '--quiet'], options);
    if (!ok) throw new Error(error || 'The files could not be checked out');
  }

  private async commands(
    { directory, signal }: Instance,
    commands: readonly string[],
    ending: AbortSignal,
  ): Promise<void> {
    for (const command of commands) {
      const { exitCode, reason, stderr } = await this.processes.run({
        command: 'bash',
        args: ['-lc', command],
        cwd: directory,
        env: this.environment.variables,
        timeout: COMMAND_TIMEOUT,
        signal: AbortSignal.any([signal, ending]),
        maxOutput: 2_000,
      });
      if (reason === 'exit' && exitCode === 0) continue;
      const why = reason === 'exit' ? `exit code ${exitCode}` : reason;
      this.log.warn(`${directory}: the start command failed (${why}) ${stderr.trim()}`);
      return;
    }
  }
}
