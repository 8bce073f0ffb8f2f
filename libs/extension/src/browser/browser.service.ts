import { Injectable } from '@nestjs/common';
import { platform } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Environment } from '../environment/environment.port.js';
import { ProcessRunner } from '../process/process-runner.port.js';

/** Milliseconds after which a program that still runs has opened the page: some stay as long as the browser. */
const SETTLED = 2_000;
/** Milliseconds a browser may stay open that was started by this, before it counts as forgotten. */
const FORGOTTEN = 24 * 60 * 60_000;

/** Opens pages in the browser of the person, where there is one. */
@Injectable()
export class Browser {
  constructor(
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
  ) {}

  /** Whether it could be opened, as far as one can tell. Takes two seconds at most; never rejects. */
  async open(url: string): Promise<boolean> {
    // what a login server names must not become a file, or an option of the program
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return false;
    if (platform() === 'darwin') return this.run(['open', url]).catch(() => false);
    if (platform() === 'win32') return this.run(['rundll32', 'url.dll,FileProtocolHandler', url]).catch(() => false);
    // a session of its own: a browser that is started by this outlives the server, as it would anywhere else
    const left = new AbortController();
    try {
      return await this.run(['setsid', '--fork', '--wait', 'xdg-open', url], left.signal);
    } catch {
      return this.run(['xdg-open', url]).catch(() => false);
    } finally {
      left.abort();
    }
  }

  /** Rejects when there is no such program. */
  private async run([command = '', ...args]: readonly string[], signal?: AbortSignal): Promise<boolean> {
    const { variables: env, paths } = this.environment;
    const run = this.processes
      .run({ command, args, env, cwd: paths.home, timeout: FORGOTTEN, maxOutput: 1_000, ...(signal && { signal }) })
      .then(({ exitCode }) => exitCode === 0);
    return Promise.race([run, delay(SETTLED, true, { ref: false })]);
  }
}
