import { Injectable, Logger } from '@nestjs/common';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { slashes } from '../place/slashes.js';
import { RipgrepRunner, WITHOUT_GIT } from '../ripgrep/ripgrep.runner.js';

/** Files of one project that are known by name. */
export const MAX_FILES = 300_000;
const TIMEOUT = 60_000;

/** How the names of a directory are found. */
export type ScanKind =
  /** All files that are not ignored. */
  | 'files'
  /** Visible directories of two levels: a home directory holds everything a person has. */
  | 'home'
  /** None: the whole machine. */
  | 'none';

/** Lists the files of a project. */
@Injectable()
export class NameScanner {
  private readonly log = new Logger(NameScanner.name);

  constructor(
    private readonly ripgrep: RipgrepRunner,
    private readonly environment: Environment,
  ) {}

  kindOf({ directory, project }: Instance): ScanKind {
    if (directory === '/') return 'none';
    return directory === this.environment.paths.home && project.vcs === undefined ? 'home' : 'files';
  }

  /** Paths of files relative to the directory of the instance, of all of it or of some directories in it. */
  async files(instance: Instance, within: readonly string[] = []): Promise<string[]> {
    const files: string[] = [];
    await this.ripgrep.search(
      {
        args: ['--files', '--hidden', '--null', '--no-messages', WITHOUT_GIT, '--', ...places(within)],
        directory: instance.directory,
        separator: '\0',
        timeout: TIMEOUT,
        onRecord: (path) => {
          if (files.length >= MAX_FILES) {
            this.log.warn(`${instance.directory} has more than ${MAX_FILES} files: the rest is not found by name`);
            return false;
          }
          files.push(slashes(path.slice(2)));
          return true;
        },
      },
      instance.signal,
    );
    return files;
  }

  /** Visible directories of two levels, with `/` at their end. */
  async homeDirectories({ directory }: Instance): Promise<string[]> {
    const tops = await visibleDirectories(directory);
    const below = await Promise.all(
      tops.map(async (top) => (await visibleDirectories(join(directory, top))).map((name) => `${top}${name}`)),
    );
    return [...tops, ...below.flat()];
  }
}

/** `./` stands before each, so that none looks like an option. */
const places = (within: readonly string[]) => (within.length === 0 ? ['./'] : within.map((path) => `./${path}`));

async function visibleDirectories(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => `${name}/`);
}
