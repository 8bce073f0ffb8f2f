import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { PathInfo, VcsInfo } from '#libs/contract';
import { Environment } from '#libs/extension';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { Vcs } from '#libs/project';
import { answers } from '../answers.js';

/** Where an instance works. */
@ApiTags('Project')
@OpencodeController()
export class PlaceController {
  constructor(
    private readonly environment: Environment,
    private readonly vcs: Vcs,
  ) {}

  @Get('path')
  @Operation({ id: 'path.get', summary: 'Get the directories of the server and the instance', answer: answers.path })
  path(@CurrentInstance() { worktree, directory }: Instance): PathInfo {
    const { home, state, config } = this.environment.paths;
    return { home, state, config, worktree, directory };
  }

  @Get('vcs')
  @Operation({ id: 'vcs.get', summary: 'Get the current branch', answer: answers.vcs })
  async branch(@CurrentInstance() instance: Instance): Promise<Partial<VcsInfo>> {
    return { branch: await this.vcs.branch(instance) };
  }
}
