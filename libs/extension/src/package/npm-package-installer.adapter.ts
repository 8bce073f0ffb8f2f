import { Injectable } from '@nestjs/common';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageInstallError } from '#libs/contract';
import { withFileLock } from '../lock/file-lock.js';
import { Environment } from '../environment/environment.port.js';
import { type ProcessResult, ProcessRunner } from '../process/process-runner.port.js';
import { type InstalledPackage, PackageInstaller, type PackageRequest } from './package-installer.port.js';

/** Milliseconds one installation may take. */
const TIME_LIMIT = 2 * 60_000;
/** Milliseconds for which a package named by a tag or a range is not looked up again. */
const FRESH = 24 * 60 * 60_000;
/** Packages run no scripts of their own, as they do not in the reference; nobody waits for slow mirrors for ever. */
const OPTIONS = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--loglevel=error',
];
const ABORTED = 'the installation was aborted';
const VALID_NAME = /^(@[a-z0-9~][a-z0-9~_.-]*\/)?[a-z0-9~][a-z0-9~_.-]*$/i;

/**
 * The default {@link PackageInstaller}: runs the `npm` on the search path. Each package gets a folder of its own in
 * the cache, with its dependencies, so that two of them never disagree about a third.
 * @publicApi
 */
@Injectable()
export class NpmPackageInstaller extends PackageInstaller {
  private readonly running = new Map<string, Running<InstalledPackage>>();
  private readonly folders = new Map<string, Running<void>>();

  constructor(
    private readonly environment: Environment,
    private readonly processes: ProcessRunner,
  ) {
    super();
  }

  install({ name, version = 'latest', signal }: PackageRequest): Promise<InstalledPackage> {
    const key = `${name}@${version}`;
    return shared(this.running, key, () => this.ensure(name, version, signal), signal);
  }

  installFolder(directory: string, signal?: AbortSignal): Promise<void> {
    const work = () => this.npm(directory, [], { name: directory, version: 'package.json' }, signal);
    return shared(this.folders, directory, work, signal);
  }

  private async ensure(name: string, version: string, signal?: AbortSignal): Promise<InstalledPackage> {
    if (!VALID_NAME.test(name)) throw new PackageInstallError(name, version, 'this is not the name of a package');
    const home = join(this.packages, `${name}@${version}`.replaceAll(/[^\w@.^~-]/g, '+'));
    const known = await current(home, name, version);
    if (known) return known;
    // another server may be doing the same
    const install = async () => (await current(home, name, version)) ?? (await this.fetch(home, name, version, signal));
    try {
      return await withFileLock(`${home}.lock`, install, signal);
    } catch (error) {
      // without a network the version of yesterday is better than none
      const old = await installedIn(home, name);
      if (old) return old;
      throw signal?.aborted ? new PackageInstallError(name, version, ABORTED) : error;
    }
  }

  private get packages(): string {
    return join(this.environment.paths.cache, 'packages');
  }

  /** Installs beside the place and moves there, so that half an installation is never used. */
  private async fetch(home: string, name: string, version: string, signal?: AbortSignal): Promise<InstalledPackage> {
    const workplace = await mkdtemp(join(this.packages, '.installing-'));
    const old = `${workplace}.old`;
    try {
      await writeFile(join(workplace, 'package.json'), JSON.stringify({ private: true, name: 'opencode-package' }));
      await this.npm(workplace, [`${name}@${version}`], { name, version }, signal);
      if (!(await installedIn(workplace, name)))
        throw new PackageInstallError(name, version, 'npm reports success, but the package is not there');
      // moved away whole: nobody finds half of it
      await rename(home, old).catch(() => undefined);
      await rename(workplace, home);
    } finally {
      for (const left of [workplace, old]) await rm(left, { recursive: true, force: true });
    }
    const installed = await installedIn(home, name);
    if (!installed) throw new PackageInstallError(name, version, `${home} was removed meanwhile`);
    return installed;
  }

  private async npm(
    cwd: string,
    packages: readonly string[],
    { name, version }: Required<Pick<PackageRequest, 'name' | 'version'>>,
    signal?: AbortSignal,
  ): Promise<void> {
    let result: ProcessResult;
    try {
      result = await this.processes.run({
        command: 'npm',
        args: ['install', ...OPTIONS, ...packages],
        cwd,
        env: { ...this.environment.variables },
        timeout: TIME_LIMIT,
        ...(signal && { signal }),
      });
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      throw new PackageInstallError(name, version, missing ? 'there is no npm on the search path' : String(error), {
        cause: error,
      });
    }
    if (result.reason === 'timeout')
      throw new PackageInstallError(name, version, `npm was not done after ${TIME_LIMIT / 1000} seconds`);
    if (result.reason === 'abort') throw new PackageInstallError(name, version, ABORTED);
    if (result.exitCode !== 0) throw new PackageInstallError(name, version, reasonIn(result.stderr || result.stdout));
  }
}

interface Running<T> {
  readonly work: Promise<T>;
  /** Of who began it. */
  readonly signal: AbortSignal | undefined;
}

/** Work that is under way is waited for, not begun twice; only when who began it has gone. */
async function shared<T>(
  running: Map<string, Running<T>>,
  key: string,
  begin: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const known = running.get(key);
  if (known)
    return known.work.catch((error: unknown) => {
      if (!known.signal?.aborted || signal?.aborted) throw error;
      return shared(running, key, begin, signal);
    });
  const work = begin().finally(() => running.delete(key));
  running.set(key, { work, signal });
  return work;
}

async function installedIn(home: string, name: string): Promise<InstalledPackage | undefined> {
  const directory = join(home, 'node_modules', name);
  try {
    const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as { version?: string };
    return { name, version: version ?? '0.0.0', directory };
  } catch {
    return undefined;
  }
}

/** What is installed, when it need not be looked up again. */
async function current(home: string, name: string, version: string): Promise<InstalledPackage | undefined> {
  const installed = await installedIn(home, name);
  if (!installed || isExact(version)) return installed;
  const { mtimeMs = 0 } = (await stat(home).catch(() => undefined)) ?? {};
  return Date.now() - mtimeMs < FRESH ? installed : undefined;
}

/** Such a version never means another content. */
const isExact = (version: string) => /^\d+\.\d+\.\d+([-+].*)?$/.test(version);

/** What npm says went wrong, without codes and stack. */
function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^npm error ?/, '').trim());
  const told = lines.filter((line) => line !== '' && !line.startsWith('A complete log of this run'));
  const telling = told.find((line) => !/^(code|syscall|errno|path) /.test(line));
  return telling ?? told[0] ?? 'npm failed and said nothing';
}
