import { Injectable } from '@nestjs/common';
import { platform } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Environment, ProcessRunner } from '#libs/extension';

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

  /** Whether it could be opened, as far as one can tell. */
  async open(url: string): Promise<boolean> {
    const [command, ...args] = opener(url);
    const { variables: env, paths } = this.environment;
    const run = this.processes
      .run({ command, args, env, cwd: paths.home, timeout: FORGOTTEN, maxOutput: 1_000 })
      .then(({ exitCode }) => exitCode === 0)
      .catch(() => false);
    return Promise.race([run, delay(SETTLED, true, { ref: false })]);
  }
}

function opener(url: string): [string, ...string[]] {
  switch (platform()) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default:
      return ['xdg-open', url];
  }
}
