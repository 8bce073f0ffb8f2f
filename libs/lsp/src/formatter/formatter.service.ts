import { Injectable, Logger } from '@nestjs/common';
import { extname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ConfigService } from '#libs/config';
import type { FormatterStatus } from '#libs/contract';
import { Clock, Environment, ProcessRunner } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import type { FormatterDefinition } from './formatter-definition.js';
import { formatterList } from './formatter-list.js';
import { FormatterProbe } from './formatter-probe.js';
import { GuardedFile } from './guarded-file.js';

/** Milliseconds one formatter may take. */
const LIMIT = 20_000;
/** Milliseconds for which one that took longer is left out, so that not every edit waits for it. */
const REST = 5 * 60_000;
/** Characters of what a failed formatter said. */
const MAX_REASON = 500;

/** A formatter that did not do its work. */
export interface FormatterFailure {
  name: string;
  /** For people: what it said, or why it was ended. */
  error: string;
}

interface State {
  readonly formatters: readonly FormatterDefinition[];
  readonly probe: FormatterProbe;
  /** Until when a formatter is left out, by its name. */
  readonly resting: Map<string, number>;
}

/**
 * Runs the formatters of a project on files that were changed.
 * @publicApi
 */
@Injectable()
export class FormatterService {
  private readonly log = new Logger(FormatterService.name);
  private readonly states = new InstanceState<Promise<State>>((instance) => this.open(instance));

  constructor(
    private readonly clock: Clock,
    private readonly config: ConfigService,
    private readonly environment: Environment,
    private readonly processes: ProcessRunner,
  ) {}

  /** Every formatter, those that are not used included. */
  async list(instance: Instance): Promise<FormatterStatus[]> {
    const { formatters, probe } = await this.states.get(instance);
    return Promise.all(
      formatters.map(async ({ name, extensions, enabled }) => ({
        name,
        extensions: [...extensions],
        enabled: await enabled(probe),
      })),
    );
  }

  /**
   * Formats a file with every enabled formatter for its extension, one after the other, at most 20 seconds each; one that
   * took longer is left out for five minutes. Resolves with those that failed; rejects with the reason of the signal when that aborts.
   *
   * @param path absolute
   */
  async format(instance: Instance, path: string, signal: AbortSignal): Promise<FormatterFailure[]> {
    const { formatters, probe } = await this.states.get(instance);
    const extension = extname(path);
    const failures: FormatterFailure[] = [];
    for (const formatter of formatters) {
      if (!formatter.extensions.includes(extension) || !(await formatter.enabled(probe))) continue;
      signal.throwIfAborted();
      const error = await this.run(instance, formatter, path, signal).catch(({ message }: Error) => message);
      signal.throwIfAborted();
      if (error === undefined) continue;
      failures.push({ name: formatter.name, error });
      this.log.warn(`${formatter.name} on ${path}: ${error}`);
    }
    return failures;
  }

  private async open(instance: Instance): Promise<State> {
    const { formatter } = await this.config.get(instance);
    const probe = new FormatterProbe(instance, this.environment, this.processes);
    return { formatters: formatterList(formatter), probe, resting: new Map() };
  }

  /** Resolves with what went wrong. */
  private async run(
    instance: Instance,
    { name, command, environment, options }: FormatterDefinition,
    path: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { probe, resting } = await this.states.get(instance);
    const seconds = LIMIT / 1000;
    if (this.clock.now() < (resting.get(name) ?? 0))
      return `it is left out: it took more than ${seconds} seconds before`;
    const [wanted = '', ...args] = command.map((word) => word.replace('$FILE', () => path));
    const program = await probe.program(wanted);
    if (program === undefined) return `${wanted} was found neither in the project nor in PATH: install it`;
    const file = await GuardedFile.open(path);
    const { exitCode, stdout, stderr, reason } = await this.processes.run({
      command: program,
      args: [...((await options?.(probe, path)) ?? []), ...args],
      cwd: instance.directory,
      env: { ...this.environment.variables, ...environment },
      timeout: LIMIT,
      signal,
      owner: instance.signal,
      maxOutput: MAX_REASON,
    });
    const damage = await file.mend(exitCode === null || reason !== 'exit');
    if (reason === 'timeout') {
      resting.set(name, this.clock.now() + REST);
      return `it was ended after ${seconds} seconds`;
    }
    if (damage !== undefined || exitCode === 0) return damage;
    const said = [stderr, stdout].map((text) => stripVTControlCharacters(text).trim()).filter((text) => text !== '');
    const silent = exitCode === null ? 'it was ended by a signal' : `it ended with code ${exitCode}`;
    return said.join('\n').slice(0, MAX_REASON) || silent;
  }
}
