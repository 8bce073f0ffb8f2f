import { Injectable } from '@nestjs/common';
import type { Instance } from '#libs/instance';
import { GitRunner } from './git.runner.js';

/** Version control of an instance. @publicApi */
@Injectable()
export class Vcs {
  constructor(private readonly git: GitRunner) {}

  /** Name of the checked-out branch; `HEAD` when detached or without commits; undefined outside git. */
  async branch(instance: Instance): Promise<string | undefined> {
    if (instance.project.vcs !== 'git') return undefined;
    // without commits it fails, and has said HEAD all the same
    const { text } = await this.git.run(instance.worktree, ['rev-parse', '--abbrev-ref', 'HEAD']);
    return text === '' ? undefined : text;
  }
}
