import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Clock, Environment, inTime, PackageInstaller, ProcessRunner } from '#libs/extension';
import type { ServerDefinition, ServerPlace } from '../server/server-definition.js';
import { ServerMissingError } from '../server/server-missing.error.js';
import { type Installation, InstallationFolder } from './installation-folder.js';
import { findNeeded } from './needed-program.js';
import { releaseRecipe } from './release-recipe.js';
import type { ServerLaunch, ServerRecipe } from './server-source.js';
import { toolRecipe } from './tool-recipe.js';

/** Milliseconds for which an installation that failed is not tried again, whichever project asks. */
const PAUSE = 300_000;

interface Attempt {
  readonly work: Promise<Installation>;
  /** Set once it failed. */
  pauseUntil?: number;
}

/**
 * Brings missing language servers to this machine, one installation of each at a time. An installation belongs to the
 * application and not to whoever asked first: it goes on when they no longer wait.
 */
@Injectable()
export class ServerInstaller implements OnModuleDestroy {
  private readonly log = new Logger('LanguageServer');
  private readonly attempts = new Map<string, Attempt>();
  private readonly ending = new AbortController();

  constructor(
    private readonly environment: Environment,
    private readonly processes: ProcessRunner,
    private readonly packages: PackageInstaller,
    private readonly clock: Clock,
  ) {}

  /**
   * How a server is started that is neither in the project nor in `PATH`; installs it unless that is forbidden.
   * Rejects with a ServerMissingError that says what to do by hand, or when the signal aborts.
   */
  async obtain(server: ServerDefinition, place: ServerPlace, signal: AbortSignal): Promise<ServerLaunch> {
    const { source, commands } = server;
    const [command] = commands;
    let why = '';
    try {
      const launch = command && (await this.find(server, command.program, place, signal));
      if (launch) return { ...command, ...launch };
    } catch (error) {
      if (signal.aborted) throw error;
      // what to do follows: that of the package installer is for plugins
      const [reason] = (error as Error).message.split('\n');
      why = `, and was not installed: ${reason}`;
    }
    const hint = 'hint' in source ? source.hint : `run: npm install --global ${source.npm}`;
    throw new ServerMissingError(`${command?.program} was found neither in the project nor in PATH${why}; ${hint}`);
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort(new Error('the server ends'));
    await Promise.allSettled([...this.attempts.values()].map(({ work }) => work));
  }

  private get forbidden(): boolean {
    return this.environment.flag('OPENCODE_DISABLE_LSP_DOWNLOAD');
  }

  private find(
    { id, source }: ServerDefinition,
    program: string,
    place: ServerPlace,
    signal: AbortSignal,
  ): Promise<Partial<ServerLaunch> | undefined> {
    if ('npm' in source) return this.fromNpm(source.npm, program, signal);
    const { environment, processes } = this;
    if ('tool' in source) {
      const recipe = toolRecipe(source.tool, program, environment, processes);
      return this.installed(id, recipe, place, signal);
    }
    if ('release' in source) {
      const recipe = releaseRecipe(source.release, environment, processes, (text) => this.log.log(`${id} ${text}`));
      return this.installed(id, recipe, place, signal);
    }
    return Promise.resolve(undefined);
  }

  private async fromNpm(
    name: string,
    program: string,
    signal: AbortSignal,
  ): Promise<Partial<ServerLaunch> | undefined> {
    if (this.forbidden) return undefined;
    const { directory } = await this.packages.install({ name, signal });
    const file = await executableOf(directory, program);
    return file === undefined ? undefined : { program: file };
  }

  /** Undefined when it is not there and must not be fetched. */
  private async installed(
    id: string,
    recipe: ServerRecipe,
    place: ServerPlace,
    signal: AbortSignal,
  ): Promise<Partial<ServerLaunch> | undefined> {
    const { paths } = this.environment;
    const home = new InstallationFolder(join(paths.data, 'bin', 'servers', id));
    let installation = await home.current();
    if (!installation && this.forbidden) return undefined;
    const { needs } = recipe;
    const needed = needs && (await findNeeded(needs, this.environment, this.processes));
    const fits = needs?.perVersion ? needed?.version : undefined;
    const isGood = (known: Installation) => known.fits === fits;
    if (!installation || !isGood(installation)) {
      if (this.forbidden) return undefined;
      const install = async (folder: string) => ({
        ...(await recipe.install(folder, needed, this.ending.signal)),
        ...(fits !== undefined && { fits }),
      });
      const work = this.attempt(id, () => home.install(isGood, install, this.ending.signal));
      installation = await inTime(work, { signal });
    }
    const folder = join(home.path, installation.folder);
    return recipe.launch({ folder, program: join(folder, installation.program), ...(needed && { needed }) }, place);
  }

  private attempt(id: string, install: () => Promise<Installation>): Promise<Installation> {
    const known = this.attempts.get(id);
    if (known && (known.pauseUntil === undefined || this.clock.now() < known.pauseUntil)) return known.work;
    this.log.log(`${id} is being installed`);
    const attempt: Attempt = { work: install() };
    this.attempts.set(id, attempt);
    attempt.work.then(
      ({ version }) => {
        this.attempts.delete(id);
        this.log.log(`${id} is installed: ${version}`);
      },
      () => (attempt.pauseUntil = this.clock.now() + PAUSE),
    );
    return attempt.work;
  }
}

async function executableOf(directory: string, program: string): Promise<string | undefined> {
  const { bin } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : bin?.[program];
  return file === undefined ? undefined : join(directory, file);
}
