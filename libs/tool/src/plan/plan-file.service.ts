import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import type { Session } from '#libs/contract';
import { Environment } from '#libs/extension';
import { statOf } from '#libs/file';
import type { Instance } from '#libs/instance';

/** The files in which plans are kept, where plan mode with files is switched on. */
@Injectable()
export class PlanFileService {
  /** Behind a flag, and for clients that know of it. */
  readonly enabled: boolean;

  constructor(private readonly environment: Environment) {
    this.enabled =
      environment.client === 'cli' && environment.flag('OPENCODE_EXPERIMENTAL_PLAN_MODE', 'OPENCODE_EXPERIMENTAL');
  }

  /** Absolute path of the plan of a session: in the worktree, outside git in the data directory. */
  path(instance: Instance, { slug, time }: Pick<Session, 'slug' | 'time'>): string {
    const name = `${time.created}-${slug}.md`;
    return instance.worktree === '/'
      ? join(this.environment.paths.data, 'plans', name)
      : join(instance.worktree, '.opencode', 'plans', name);
  }

  /** The same, and whether it was written already; undefined when plans are not kept in files. */
  async find(
    instance: Instance,
    session: Pick<Session, 'slug' | 'time'>,
  ): Promise<{ path: string; exists: boolean } | undefined> {
    if (!this.enabled) return undefined;
    const path = this.path(instance, session);
    return { path, exists: (await statOf(path))?.isFile() ?? false };
  }
}
