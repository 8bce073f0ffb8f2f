import type { GitResult, GitRunner } from '../git.runner.js';

/** A checkout of a repository. */
export interface Checkout {
  /** Absolute, links followed. */
  directory: string;
  /** Without `refs/heads/`; undefined when detached. */
  branch?: string;
}

/** Milliseconds; a large checkout, or one that is taken away, is many files. */
const TIMEOUT = 5 * 60_000;
const FETCH_TIMEOUT = 2 * 60_000;

/** The commands of git that worktrees are made of. Results that are not ok say why in `error`. */
export class WorktreeGit {
  constructor(
    private readonly git: GitRunner,
    private readonly signal: AbortSignal,
  ) {}

  run(cwd: string, args: readonly string[], timeout = TIMEOUT): Promise<GitResult> {
    return this.git.run(cwd, args, { timeout, signal: this.signal });
  }

  /** The main checkout first. */
  async list(cwd: string): Promise<Checkout[]> {
    const { output } = await this.run(cwd, ['worktree', 'list', '--porcelain', '-z']);
    return output.split('\0\0').flatMap((block) => {
      const lines = block.split('\0');
      const value = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
      const directory = value('worktree');
      const branch = value('branch')?.replace(/^refs\/heads\//, '');
      return directory === undefined ? [] : [{ directory, ...(branch !== undefined && { branch }) }];
    });
  }

  async hasBranch(cwd: string, branch: string): Promise<boolean> {
    return (await this.run(cwd, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`])).ok;
  }

  /**
   * What a worktree is reset to: the main branch of the remote, fetched anew, else the local `main` or `master`.
   * Undefined when there is none.
   */
  async defaultBranch(cwd: string): Promise<{ target?: string; error?: string }> {
    const remote = await this.remote(cwd);
    const { branch, error } = remote === undefined ? {} : await this.remoteHead(cwd, remote);
    if (error !== undefined) return { error };
    if (remote !== undefined && branch !== undefined) {
      const fetched = await this.run(cwd, ['fetch', '--quiet', '--', remote, branch], FETCH_TIMEOUT);
      return fetched.ok ? { target: `refs/remotes/${remote}/${branch}` } : { error: fetched.error };
    }
    for (const name of ['main', 'master']) if (await this.hasBranch(cwd, name)) return { target: `refs/heads/${name}` };
    return {};
  }

  private async remote(cwd: string): Promise<string | undefined> {
    const remotes = (await this.run(cwd, ['remote'])).text.split('\n').filter((name) => name !== '');
    if (remotes.includes('origin')) return 'origin';
    return remotes.length === 1 ? remotes[0] : remotes.find((name) => name === 'upstream');
  }

  private async remoteHead(cwd: string, remote: string): Promise<{ branch?: string; error?: string }> {
    const prefix = `refs/remotes/${remote}/`;
    const known = await this.run(cwd, ['symbolic-ref', '--quiet', `${prefix}HEAD`]);
    if (known.ok && known.text.startsWith(prefix)) return { branch: known.text.slice(prefix.length) };
    const asked = await this.run(cwd, ['ls-remote', '--symref', '--', remote, 'HEAD'], FETCH_TIMEOUT);
    if (!asked.ok) return { error: asked.error };
    return { branch: /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.output)?.[1] };
  }
}
