import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigService, ProblemService, replaceFile } from '#libs/config';
import { Environment, PackageInstaller, withFileLock } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { isReachable } from './plugin-package.js';

const FOLDERS = ['plugin', 'plugins', 'tool', 'tools'];
const SCRIPT = /\.[cm]?[jt]s$/;
/** The package with the helpers for plugins and tools. */
const HELPER = '@opencode-ai/plugin';
/** An import that is there at run time too: one of types alone is left out with the types. */
const IMPORTS_HELPER = /(?:import(?!\s+type\b)[^;'"]*|require\s*\(\s*)['"]@opencode-ai\/plugin(?:\/[^'"]*)?['"]/;
const IGNORED = ['node_modules', 'package.json', 'package-lock.json', '.gitignore'];

interface Manifest {
  dependencies?: Record<string, string>;
}

/** Installs the packages that plugins and tools of a configuration directory need, in that directory. */
@Injectable()
export class ConfigDependencies {
  private readonly ensured = new InstanceState((instance) => this.ensureAll(instance));

  constructor(
    private readonly config: ConfigService,
    private readonly environment: Environment,
    private readonly installer: PackageInstaller,
    private readonly problems: ProblemService,
  ) {}

  /** Once per instance. Does nothing where nothing is missing; tells what cannot be installed. */
  ensure(instance: Instance): Promise<void> {
    return this.ensured.get(instance);
  }

  private async ensureAll(instance: Instance): Promise<void> {
    for (const directory of await this.config.directories(instance)) {
      const scripts = await scriptsIn(directory);
      if (scripts.length === 0 || !(await isWritable(directory))) continue;
      await this.inTurn(instance, directory, () => this.ensureIn(instance, directory, scripts)).catch(
        (error: unknown) =>
          this.problems.tell(instance, `Packages of plugins and tools in ${directory} are missing`, error),
      );
    }
  }

  /** One server after the other: what is there of a package while it is installed is not all of it. */
  private async inTurn(instance: Instance, directory: string, work: () => Promise<void>): Promise<void> {
    const { data } = this.environment.paths;
    const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
    await withFileLock(join(data, `install-${hash}.lock`), work, instance.signal);
  }

  private async ensureIn(instance: Instance, directory: string, scripts: readonly string[]): Promise<void> {
    const path = join(directory, 'package.json');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const manifest = text === undefined ? {} : parsed(text);
    // somebody is just writing it, or it is no manifest of npm: theirs to install
    if (!manifest) return;
    const wanted = { ...manifest.dependencies };
    if (!(HELPER in wanted) && (await this.lacksHelper(directory, scripts))) {
      wanted[HELPER] = this.environment.version;
      await replaceFile(path, `${JSON.stringify({ ...manifest, dependencies: wanted }, null, 2)}\n`);
      if (text === undefined)
        await writeFile(join(directory, '.gitignore'), `${IGNORED.join('\n')}\n`, { flag: 'wx' }).catch(
          () => undefined,
        );
    }
    for (const name of Object.keys(wanted))
      if (!(await isReachable(name, directory))) return this.installer.installFolder(directory, instance.signal);
  }

  private async lacksHelper(directory: string, scripts: readonly string[]): Promise<boolean> {
    for (const script of scripts)
      if (IMPORTS_HELPER.test(await readFile(script, 'utf8'))) return !(await isReachable(HELPER, directory));
    return false;
  }
}

async function scriptsIn(directory: string): Promise<string[]> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(join(directory, folder)).catch(() => []);
      return names.filter((name) => SCRIPT.test(name)).map((name) => join(directory, folder, name));
    }),
  );
  return lists.flat();
}

async function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function parsed(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}
