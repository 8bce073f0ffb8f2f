import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import type { FileStatus } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { GitRunner } from '#libs/project';
import { each } from '../each.js';
import { openFile } from '../place/project-path.js';
import { changedFiles } from './changed-files.js';

/** Reading the whole index of a very large repository takes a while. Milliseconds. */
const TIMEOUT = 30_000;
/** Bytes of a new file whose lines are counted; larger ones count 0, as binary ones do. */
const MAX_COUNTED = 1024 * 1024;
/** New files whose lines are counted. */
const MAX_FILES = 2_000;

const DIFF = ['diff', '--raw', '--numstat', '-z', '--no-renames', '--relative', '--no-ext-diff', '--no-textconv'];
const UNTRACKED = ['ls-files', '--others', '--exclude-standard', '-z'];

/** What changed since the last commit. @publicApi */
@Injectable()
export class FileStatusService {
  constructor(private readonly git: GitRunner) {}

  /**
   * Every file below the directory that differs from the last commit, once: changed ones, then new ones, then deleted
   * ones. Paths are relative to the directory. A renamed file is a deleted and a new one. Empty outside git.
   */
  async list(instance: Instance): Promise<FileStatus[]> {
    if (instance.project.vcs !== 'git') return [];
    const { directory, signal } = instance;
    const run = (args: readonly string[]) => this.git.run(directory, args, { timeout: TIMEOUT, signal });
    const [changed, untracked] = await Promise.all([
      run([...DIFF, await this.lastCommit(directory), '--']).then(({ output }) => changedFiles(output)),
      run(UNTRACKED).then(({ output }) => output.split('\0').filter((path) => path !== '')),
    ]);
    const of = (status: FileStatus['status']) => changed.filter((file) => file.status === status);
    return [...of('modified'), ...of('added'), ...(await this.added(directory, untracked)), ...of('deleted')];
  }

  /** What to compare with: the empty tree before the first commit. */
  private async lastCommit(directory: string): Promise<string> {
    const head = await this.git.run(directory, ['rev-parse', '--verify', '--quiet', 'HEAD']);
    if (head.ok) return 'HEAD';
    return (await this.git.run(directory, ['hash-object', '-t', 'tree', '/dev/null'])).text;
  }

  private async added(directory: string, paths: readonly string[]): Promise<FileStatus[]> {
    const files: FileStatus[] = paths.map((path) => ({ path, added: 0, removed: 0, status: 'added' }));
    await each(files.slice(0, MAX_FILES), async (file) => {
      // one that has vanished meanwhile, or must not be read, counts nothing
      file.added = await lines(join(directory, file.path)).catch(() => 0);
    });
    return files;
  }
}

/** Lines of a text file as git counts them. */
async function lines(path: string): Promise<number> {
  const { file, stats } = await openFile(path);
  try {
    if (!stats.isFile() || stats.size > MAX_COUNTED) return 0;
    const bytes = await file.readFile();
    if (bytes.length === 0 || bytes.includes(0)) return 0;
    let count = bytes.at(-1) === 10 ? 0 : 1;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
    return count;
  } finally {
    await file.close();
  }
}
