import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { AgentDiscoveryModule } from '#libs/extension';
import { RipgrepModule } from '#libs/file';
import { LspModule } from '#libs/lsp';
import { PermissionModule } from '#libs/permission';
import { CommandAnalysisService } from './bash/command-analysis.service.js';
import { OWN_TOOLS } from './built-in-tools.js';
import { ToolOutputStore } from './output/tool-output.store.js';
import { PlanFileService } from './plan/plan-file.service.js';
import { PlanQuestionService } from './plan/plan-question.service.js';
import { FileTimeService } from './project-file/file-time.service.js';
import { FileWriteService } from './project-file/file-write.service.js';
import { InstructionFileService } from './read/instruction-file.service.js';
import { ToolDefinitions } from './tool-definitions.service.js';
import { ToolRegistry } from './tool.registry.js';

/**
 * The built-in tools and the registry of all tools. Needs the EventBus and the ports Clock, Environment,
 * PackageInstaller, ProcessRunner, SearchService, SessionStore and TodoStore from global modules.
 */
@Module({
  imports: [ConfigModule, AgentDiscoveryModule, LspModule, PermissionModule, RipgrepModule],
  providers: [
    ...OWN_TOOLS,
    ToolRegistry,
    ToolDefinitions,
    ToolOutputStore,
    FileTimeService,
    FileWriteService,
    InstructionFileService,
    PlanFileService,
    PlanQuestionService,
    CommandAnalysisService,
  ],
  exports: [PlanFileService, ToolDefinitions, ToolRegistry],
})
export class ToolModule {}
