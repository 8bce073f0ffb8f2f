import { Module } from '@nestjs/common';
import { ConfigService } from './config.service.js';
import { ConfigEditor } from './edit/config-editor.service.js';
import { InstructionService } from './instructions/instruction.service.js';
import { ProblemService } from './problem.service.js';
import { RemoteConfig } from './remote/remote-config.service.js';
import { ConfigReload } from './reload/config-reload.service.js';
import { SkillDownload } from './skills/skill-download.service.js';
import { SkillService } from './skills/skill.service.js';

/** Needs the ports Environment and CredentialStore, InstanceStore and EventBus. */
@Module({
  providers: [
    ConfigEditor,
    ConfigReload,
    ConfigService,
    InstructionService,
    ProblemService,
    RemoteConfig,
    SkillDownload,
    SkillService,
  ],
  exports: [ConfigEditor, ConfigReload, ConfigService, InstructionService, ProblemService, SkillService],
})
export class ConfigModule {}
