import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Project } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ProjectService } from '#libs/project';
import { answers } from '../answers.js';

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
}
