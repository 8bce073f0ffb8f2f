import { Module } from '@nestjs/common';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { SubagentRunner } from '#libs/extension';
import { PermissionModule } from '#libs/permission';
import { ProjectModule } from '#libs/project';
import { ProviderModule } from '#libs/provider';
import { TaskTool, ToolModule } from '#libs/tool';
import { CommandText } from './command/command-text.service.js';
import { CommandWorld } from './command/command-world.js';
import { CommandRunner } from './command/command.runner.js';
import { CompactionService } from './compaction/compaction.service.js';
import { ContextLimitService } from './compaction/context-limit.service.js';
import { PruningService } from './compaction/pruning.service.js';
import { SummarizeService } from './compaction/summarize.service.js';
import { TurnCompactionFactory } from './compaction/turn-compaction.js';
import { DiffService } from './diff/diff.service.js';
import { ForkService } from './fork/fork.service.js';
import { MentionService } from './message/mention.service.js';
import { MessageWriterFactory } from './message/message.writer.js';
import { PromptService } from './message/prompt.service.js';
import { UserMessageComposer } from './message/user-message.composer.js';
import { UserMessageWriter } from './message/user-message.writer.js';
import { PartService } from './part/part.service.js';
import { HistoryRepair } from './repair/history-repair.service.js';
import { RevertService } from './revert/revert.service.js';
import { RequestBuilder } from './run/request.builder.js';
import { RunRegistry } from './run/run.registry.js';
import { RunWorld } from './run/run-world.js';
import { SessionRunner } from './run/session.runner.js';
import { SessionTurnFactory } from './run/session-turn.js';
import { ToolCallerFactory } from './run/tool-caller.js';
import { TurnBackground } from './run/turn-background.js';
import { TurnPreparation } from './run/turn-preparation.js';
import { SessionService } from './session.service.js';
import { ShellRunner } from './shell/shell.runner.js';
import { SharingService } from './share/sharing.service.js';
import { SessionSnapshots } from './snapshot/session-snapshots.service.js';
import { SessionStores } from './session.stores.js';
import { ChildSessionService } from './subagent/child-session.service.js';
import { SessionSubagentRunner } from './subagent/session-subagent.runner.js';
import { TaskPrompts } from './subagent/task-prompts.service.js';
import { TitleService } from './title/title.service.js';

/** Sessions and the runs that answer their prompts. */
@Module({
  imports: [AgentModule, ConfigModule, PermissionModule, ProjectModule, ProviderModule, ToolModule],
  providers: [
    ChildSessionService,
    CommandRunner,
    CommandText,
    CommandWorld,
    ShellRunner,
    MentionService,
    TaskPrompts,
    { provide: SubagentRunner, useClass: SessionSubagentRunner },
    TaskTool,
    MessageWriterFactory,
    PromptService,
    RequestBuilder,
    RunRegistry,
    RunWorld,
    DiffService,
    ForkService,
    HistoryRepair,
    PartService,
    RevertService,
    SessionSnapshots,
    SharingService,
    CompactionService,
    ContextLimitService,
    PruningService,
    SummarizeService,
    TurnCompactionFactory,
    UserMessageWriter,
    TurnBackground,
    SessionRunner,
    SessionService,
    SessionStores,
    SessionTurnFactory,
    TitleService,
    ToolCallerFactory,
    TurnPreparation,
    UserMessageComposer,
  ],
  exports: [
    CommandRunner,
    ShellRunner,
    DiffService,
    ForkService,
    PartService,
    RevertService,
    SessionRunner,
    SessionService,
    SharingService,
    SummarizeService,
  ],
})
export class SessionModule {}
