import { Body, Delete, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Worktree, WorktreeCreateInput, WorktreeRemoveInput, WorktreeResetInput } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { WorktreeService } from '#libs/project';
import { answers } from '../answers.js';

/** Linked worktrees of a project. */
@ApiTags('Project')
@OpencodeController('experimental/worktree')
export class WorktreeController {
  constructor(private readonly worktrees: WorktreeService) {}

  @Get()
  @Operation({ id: 'worktree.list', summary: 'List the worktrees of the project', answer: answers.paths })
  list(@CurrentInstance() instance: Instance): Promise<string[]> {
    return this.worktrees.list(instance);
  }

  @Post()
  @Operation({
    id: 'worktree.create',
    summary: 'Make a worktree',
    description:
      'Its files and the start commands follow in the background, told by worktree.ready or worktree.failed.',
    answer: answers.worktree,
    errors: [400],
  })
  create(@CurrentInstance() instance: Instance, @Body() input: WorktreeCreateInput): Promise<Worktree> {
    return this.worktrees.create(instance, input);
  }

  @Post('reset')
  @Operation({
    id: 'worktree.reset',
    summary: 'Reset a worktree to the default branch',
    answer: answers.yes,
    errors: [400],
  })
  async reset(@CurrentInstance() instance: Instance, @Body() { directory }: WorktreeResetInput): Promise<boolean> {
    await this.worktrees.reset(instance, directory);
    return true;
  }

  @Delete()
  @Operation({ id: 'worktree.remove', summary: 'Remove a worktree', answer: answers.yes, errors: [400] })
  async remove(@CurrentInstance() instance: Instance, @Body() { directory }: WorktreeRemoveInput): Promise<boolean> {
    await this.worktrees.remove(instance, directory);
    return true;
  }
}
