import { Injectable } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { InvalidRequestError, NotFoundError } from '#libs/contract';
import { InstanceLocator, type InstancePlace } from '#libs/instance';
import { ProjectDiscovery } from './project-discovery.service.js';
import { ProjectRegister } from './project-register.service.js';

/** The {@link InstanceLocator} of the server: git decides what belongs together. */
@Injectable()
export class ProjectLocator extends InstanceLocator {
  constructor(
    private readonly discovery: ProjectDiscovery,
    private readonly register: ProjectRegister,
  ) {
    super();
  }

  async locate(directory: string): Promise<InstancePlace> {
    await needDirectory(directory);
    const found = await this.discovery.discover(directory);
    return { worktree: found.worktree, project: await this.register.open(found, directory) };
  }
}

async function needDirectory(directory: string): Promise<void> {
  try {
    const stats = await stat(directory);
    if (stats.isDirectory()) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new NotFoundError(`Directory not found: ${directory}`);
    throw new InvalidRequestError(`Directory cannot be used: ${directory} (${code})`, { directory });
  }
  throw new InvalidRequestError(`Not a directory: ${directory}`, { directory });
}
