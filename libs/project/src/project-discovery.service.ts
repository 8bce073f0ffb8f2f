import { Injectable, Logger } from '@nestjs/common';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Environment } from '#libs/extension';
import { exists } from './existing-path.js';
import { GitRunner } from './git.runner.js';

/** Id of the project of everything that has no git history. */
export const GLOBAL_PROJECT = 'global';

/** Name of the file in the git directory that keeps the project id; the reference reads and writes the same. */
const ID_FILE = 'opencode';
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Walking the whole history of a very large repository takes a while; it is done once and then kept. */
const HISTORY_TIMEOUT = 60_000;

/** What a directory belongs to. */
export interface Discovery {
  /** Id of the project: its root commit, or `global`. */
  readonly id: string;
  /** Root of this checkout; `/` outside git. */
  readonly worktree: string;
  /** Root of the main checkout: differs from `worktree` in a linked one. */
  readonly main: string;
  readonly vcs?: 'git';
}

/** Finds the git checkout of a directory and the id of its project. */
@Injectable()
export class ProjectDiscovery {
  private readonly log = new Logger(ProjectDiscovery.name);

  constructor(
    private readonly git: GitRunner,
    private readonly environment: Environment,
  ) {}

  /** @param directory must exist */
  async discover(directory: string): Promise<Discovery> {
    const root = await findCheckout(directory);
    if (root === undefined) return { id: GLOBAL_PROJECT, worktree: '/', main: '/', ...this.withoutGit() };
    const paths = await this.paths(root);
    if (!paths) {
      // no git here, or a repository it refuses: the folder still bounds the project
      const id = (await readId(join(root, '.git'))) ?? GLOBAL_PROJECT;
      return { id, worktree: root, main: root, ...this.withoutGit() };
    }
    const { top, own, common } = paths;
    const id = (await readId(common)) ?? (await this.rootCommit(top, common)) ?? GLOBAL_PROJECT;
    // in a submodule both directories lie inside the outer repository, yet its checkout is the main one
    const main = own === common ? top : dirname(common);
    return { id, worktree: top, main, vcs: 'git' };
  }

  private async paths(root: string): Promise<{ top: string; own: string; common: string } | undefined> {
    const { ok, text } = await this.git.run(root, ['rev-parse', '--show-toplevel', '--git-dir', '--git-common-dir']);
    const [top, own, common, ...more] = text.split(/\r?\n/);
    // a line break in a path makes more lines: better no repository than a wrong one
    if (!ok || !top || !own || !common || more.length > 0) return undefined;
    return { top: resolve(top), own: resolve(root, own), common: resolve(root, common) };
  }

  /** The smallest of the root commits; undefined without commits. */
  private async rootCommit(top: string, common: string): Promise<string | undefined> {
    const { ok, text } = await this.git.run(top, ['rev-list', '--max-parents=0', '--all'], {
      timeout: HISTORY_TIMEOUT,
    });
    if (!ok) {
      this.log.warn(`The history of ${top} cannot be read: its sessions go to the project "${GLOBAL_PROJECT}"`);
      return undefined;
    }
    const [id] = text
      .split(/\s+/)
      .filter((line) => COMMIT.test(line))
      .sort();
    if (id !== undefined) await keepId(common, id);
    return id;
  }

  private withoutGit(): { vcs?: 'git' } {
    return this.environment.variables['OPENCODE_FAKE_VCS'] === 'git' ? { vcs: 'git' } : {};
  }
}

/** The nearest folder, the directory itself included, that holds `.git` (a folder, or a file in linked checkouts). */
async function findCheckout(directory: string): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Ids become names of folders, hence nothing but a commit is taken from the file. */
async function readId(gitDirectory: string): Promise<string | undefined> {
  const text = await readFile(join(gitDirectory, ID_FILE), 'utf8').catch(() => '');
  return COMMIT.test(text.trim()) ? text.trim() : undefined;
}

async function keepId(gitDirectory: string, id: string): Promise<void> {
  const file = join(gitDirectory, ID_FILE);
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(draft, id);
    await rename(draft, file);
  } catch {
    // a repository that cannot be written to: the id is computed again next time
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
