import { Injectable } from '@nestjs/common';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Project, Worktree, WorktreeCreateInput } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type Instance, InstanceStore, isDirectory, KeyedQueue, within } from '#libs/instance';
import { existingDirectories, exists } from '../existing-path.js';
import { GitRunner } from '../git.runner.js';
import { ProjectService } from '../project.service.js';
import { type Checkout, WorktreeGit } from './worktree-git.js';
import { worktreeNames } from './worktree-name.js';
import { WorktreeStarter } from './worktree-starter.runner.js';
import { WorktreeError, type WorktreeFailure } from './worktree.error.js';

/** Branches of worktrees that were made here. */
const BRANCH_PREFIX = 'opencode/';
/** What git says of a name that somebody else has taken, or is about to. */
const TAKEN = /already exists|File exists/;

/**
 * Linked git worktrees of a project, its sandboxes: made, reset and removed. Only sandboxes of the project are ever
 * touched. Rejects with a {@link WorktreeError}.
 * @publicApi
 */
@Injectable()
export class WorktreeService {
  private readonly removals = new KeyedQueue();

  constructor(
    private readonly git: GitRunner,
    private readonly environment: Environment,
    private readonly projects: ProjectService,
    private readonly instances: InstanceStore,
    private readonly starter: WorktreeStarter,
  ) {}

  /** Directories of the sandboxes that exist. */
  async list(instance: Instance): Promise<string[]> {
    const { sandboxes } = await this.projects.current(instance);
    return existingDirectories(sandboxes);
  }

  /** Resolves when the worktree has its name, branch and directory; its files and commands follow in the background. */
  async create(instance: Instance, { name, startCommand }: WorktreeCreateInput): Promise<Worktree> {
    const git = this.gitOf(instance);
    const worktree = await this.make(git, instance, name ?? '');
    const { directory } = worktree;
    const project = await this.projects.changeSandboxes(instance.project.id, (known) => [
      ...known.filter((each) => each !== directory),
      directory,
    ]);
    this.starter.start(worktree, [...startCommands(project), ...(startCommand ? [startCommand] : [])]);
    return worktree;
  }

  /** Everything in the worktree that is not in the default branch is lost. The command of the project runs again. */
  async reset(instance: Instance, directory: string): Promise<void> {
    const git = this.gitOf(instance);
    const { checkout } = await this.sandbox(git, instance, directory, 'ResetFailed');
    if (!checkout) throw new WorktreeError('ResetFailed', 'Worktree not found');
    const { target, error } = await git.defaultBranch(instance.project.worktree);
    if (target === undefined) throw new WorktreeError('ResetFailed', error ?? 'Default branch not found');
    for (const args of [
      ['reset', '--hard', '--quiet', target],
      ['clean', '-ffdx', '--quiet'],
      ['submodule', '--quiet', 'update', '--init', '--recursive', '--force'],
      ['submodule', '--quiet', 'foreach', '--recursive', 'git reset --hard --quiet && git clean -ffdx --quiet'],
    ]) {
      const done = await git.run(checkout.directory, args);
      if (!done.ok) throw new WorktreeError('ResetFailed', done.error || `git ${args.join(' ')} failed`);
    }
    this.starter.again(checkout.directory, startCommands(await this.projects.current(instance)));
  }

  /** Removes worktree, directory and the branch that was made for it; what is gone already counts as removed. */
  remove(instance: Instance, directory: string): Promise<void> {
    // a client that asks twice is told the same twice
    return this.removals.run(resolve(instance.directory, directory), () => this.takeAway(instance, directory));
  }

  private async takeAway(instance: Instance, directory: string): Promise<void> {
    const git = this.gitOf(instance);
    const { known, checkout, path } = await this.sandbox(git, instance, directory, 'RemoveFailed');
    if (known === undefined) {
      if (!(await isDirectory(path))) return;
      throw new WorktreeError('RemoveFailed', `${directory} is no worktree of this project`);
    }
    await this.starter.stop(known);
    for (const open of await this.instances.list())
      if (within(path, open.directory)) await this.instances.dispose(open);
    const main = instance.project.worktree;
    if (checkout) {
      const removed = await git.run(main, ['worktree', 'remove', '--force', '--force', checkout.directory]);
      // another server may have been faster
      const isThere = !removed.ok && (await git.list(main)).some((each) => each.directory === checkout.directory);
      if (isThere) throw new WorktreeError('RemoveFailed', removed.error);
    }
    // git leaves what it does not know; elsewhere than in the server's own data that is not ours to take away
    if (within(this.home(instance), path)) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    else if (!checkout && (await isDirectory(path)))
      throw new WorktreeError('RemoveFailed', `${directory} is not known to git as a worktree`);
    if (checkout?.branch?.startsWith(BRANCH_PREFIX)) await git.run(main, ['branch', '-D', '--', checkout.branch]);
    await this.projects.changeSandboxes(instance.project.id, (all) => all.filter((each) => each !== known));
  }

  private gitOf({ project, signal }: Instance): WorktreeGit {
    if (project.vcs === 'git') return new WorktreeGit(this.git, signal);
    throw new WorktreeError('NotGit', 'Worktrees are only supported for git projects');
  }

  /** Directory of the worktrees of the project. */
  private home({ project }: Instance): string {
    return join(this.environment.paths.data, 'worktree', project.id);
  }

  /** Under the first free name: also when others, here or on another server, take names at the same time. */
  private async make(git: WorktreeGit, instance: Instance, wanted: string): Promise<Worktree> {
    const home = this.home(instance);
    await mkdir(home, { recursive: true });
    for (const name of worktreeNames(wanted)) {
      const [branch, directory] = [BRANCH_PREFIX + name, join(home, name)];
      if ((await exists(directory)) || (await git.hasBranch(instance.worktree, branch))) continue;
      const made = await git.run(instance.worktree, ['worktree', 'add', '--no-checkout', '-b', branch, directory]);
      if (made.ok) return { name, branch, directory };
      if (!TAKEN.test(made.error)) throw new WorktreeError('CreateFailed', made.error);
    }
    throw new WorktreeError('NameGenerationFailed', 'No free name was found for the worktree: give another one');
  }

  /** What a client means by a directory: which sandbox it is, and what git knows of it. Never the main checkout. */
  private async sandbox(git: WorktreeGit, instance: Instance, directory: string, failure: WorktreeFailure) {
    const path = await followed(resolve(instance.directory, directory));
    const [main, ...linked] = await git.list(instance.project.worktree);
    if (main && (await followed(main.directory)) === path) {
      const reset = 'Cannot reset the primary workspace';
      throw new WorktreeError(failure, failure === 'ResetFailed' ? reset : `'${directory}' is a main working tree`);
    }
    const { sandboxes } = await this.projects.current(instance);
    const known = await find(sandboxes, path, (sandbox) => sandbox);
    const checkout: Checkout | undefined =
      known === undefined ? undefined : await find(linked, path, (each) => each.directory);
    return { path, known, checkout };
  }
}

const startCommands = ({ commands }: Project): string[] => (commands?.start ? [commands.start] : []);

async function find<T>(items: readonly T[], path: string, of: (item: T) => string): Promise<T | undefined> {
  for (const item of items) if ((await followed(of(item))) === path) return item;
  return undefined;
}

async function followed(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
