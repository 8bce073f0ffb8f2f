import { Module } from '@nestjs/common';
import { ConfigService } from './config.service.js';
import { ProblemService } from './problem.service.js';
import { SkillService } from './skills/skill.service.js';

/** Needs the port Environment. */
@Module({ providers: [ConfigService, ProblemService, SkillService], exports: [ConfigService, SkillService] })
export class ConfigModule {}
