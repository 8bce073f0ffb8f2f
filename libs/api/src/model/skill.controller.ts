import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SkillService } from '#libs/config';
import type { Skill } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** The skills of an instance. */
@ApiTags('App')
@OpencodeController('skill')
export class SkillController {
  constructor(private readonly skills: SkillService) {}

  @Get()
  @Operation({ id: 'app.skills', summary: 'List the skills', answer: answers.skills })
  list(@CurrentInstance() instance: Instance): Promise<readonly Skill[]> {
    return this.skills.list(instance);
  }
}
