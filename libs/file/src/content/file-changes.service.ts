import { Injectable } from '@nestjs/common';
import { basename, dirname, relative } from 'node:path';
import type { FileContent } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { GitRunner } from '#libs/project';
import { slashes } from '../place/slashes.js';

/** Characters of a text whose difference is worth showing. */
const MAX_TEXT = 1024 * 1024;
/** Milliseconds spent on finding the smallest difference. */
const TIMEOUT = 1000;

/** How a file differs from the last commit. */
@Injectable()
export class FileChangesService {
  constructor(private readonly git: GitRunner) {}

  /** Nothing for a file that is untracked or unchanged, outside git, or too large to be compared. */
  async of(instance: Instance, file: string, content: string): Promise<Pick<FileContent, 'patch' | 'diff'>> {
    if (instance.project.vcs !== 'git' || content.length > MAX_TEXT) return {};
    const before = await this.before(file);
    if (before === undefined) return {};
    const { formatPatch, structuredPatch } = await import('diff');
    const name = slashes(relative(instance.directory, file));
    const options = { context: Infinity, ignoreWhitespace: true, timeout: TIMEOUT };
    const patch = structuredPatch(name, name, before, content, 'old', 'new', options);
    return patch ? { patch: { ...patch, oldFileName: name, newFileName: name }, diff: formatPatch(patch) } : {};
  }

  /** Its text in the last commit, empty when it was not there; undefined when there is no change to show. */
  private async before(file: string): Promise<string | undefined> {
    const [directory, name] = [dirname(file), basename(file)];
    const status = ['--literal-pathspecs', 'status', '--porcelain=v1', '-z', '--no-renames', '--', name];
    const { ok, output } = await this.git.run(directory, status);
    const state = output.slice(0, 2);
    if (!ok || state === '' || state === '??' || state === '!!') return undefined;
    if (state.startsWith('A')) return '';
    const old = await this.git.run(directory, ['show', `HEAD:./${name}`], { maxOutput: MAX_TEXT });
    return old.ok ? old.output : undefined;
  }
}
