import { Injectable, Logger } from '@nestjs/common';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { errorText } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { GitRunner } from './git.runner.js';
import { ProjectService } from './project.service.js';

const TYPES: Readonly<Record<string, string>> = {
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};
/** Bytes of an icon; it travels with every answer about the project. */
const MAX_SIZE = 128 * 1024;

/**
 * Gives a git project that has no icon the favicon among its files, as a data URL. Only with
 * `OPENCODE_EXPERIMENTAL_ICON_DISCOVERY` or `OPENCODE_EXPERIMENTAL`.
 */
@Injectable()
export class IconDiscovery {
  private readonly log = new Logger(IconDiscovery.name);

  constructor(
    environment: Environment,
    instances: InstanceStore,
    private readonly git: GitRunner,
    private readonly projects: ProjectService,
  ) {
    if (!environment.flag('OPENCODE_EXPERIMENTAL_ICON_DISCOVERY', 'OPENCODE_EXPERIMENTAL')) return;
    instances.booted$.subscribe((instance) => {
      this.look(instance).catch((error: unknown) => this.log.debug(`${instance.worktree}: ${errorText(error)}`));
    });
  }

  private async look({ project, worktree, signal }: Instance): Promise<void> {
    const { id, vcs, icon } = project;
    if (vcs !== 'git' || icon?.url !== undefined || icon?.override !== undefined) return;
    const globs = Object.keys(TYPES).map((extension) => `:(glob)**/favicon${extension}`);
    const { output } = await this.git.run(worktree, ['ls-files', '-z', '--', ...globs], { signal });
    // the nearest to the root
    const [path] = output
      .split('\0')
      .filter(Boolean)
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    const content = path === undefined ? undefined : await smallFile(join(worktree, path));
    if (path === undefined || !content || signal.aborted) return;
    const url = `data:${TYPES[extname(path)]};base64,${content.toString('base64')}`;
    await this.projects.suggestIcon(id, url);
  }
}

/** Undefined for what is large, empty, a link or no file. */
async function smallFile(path: string): Promise<Buffer | undefined> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const stats = await file.stat();
  return stats.isFile() && stats.size > 0 && stats.size <= MAX_SIZE ? file.readFile() : undefined;
}
