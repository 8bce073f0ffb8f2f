import { Body, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Project, ProjectUpdateInput } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ProjectService } from '#libs/project';
import { answers } from '../answers.js';
import { ProjectParams } from '../path-params.dto.js';

/** Projects the server has worked in. */
@ApiTags('Project')
@OpencodeController('project')
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Get()
  @Operation({ id: 'project.list', summary: 'List the projects ever opened', answer: answers.projects })
  list(): Promise<Project[]> {
    return this.projects.list();
  }

  @Get('current')
  @Operation({ id: 'project.current', summary: 'Get the project of the directory', answer: answers.project })
  current(@CurrentInstance() instance: Instance): Promise<Project> {
    return this.projects.current(instance);
  }

  @Patch(':projectID')
  @Operation({
    id: 'project.update',
    summary: 'Change name, icon or commands of a project',
    answer: answers.project,
    errors: [400, 404],
  })
  update(@Param() { projectID }: ProjectParams, @Body() input: ProjectUpdateInput): Promise<Project> {
    return this.projects.update(projectID, input);
  }
}
