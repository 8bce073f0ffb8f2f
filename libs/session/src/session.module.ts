import { Module } from '@nestjs/common';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { SubagentRunner } from '#libs/extension';
import { LspModule } from '#libs/lsp';
import { McpModule } from '#libs/mcp';
import { PermissionModule } from '#libs/permission';
import { ProjectModule } from '#libs/project';
import { ProviderModule } from '#libs/provider';
import { TaskTool, ToolModule } from '#libs/tool';
import { SessionStatisticsService } from './archive/session-statistics.service.js';
import { SessionTransfer } from './archive/session-transfer.service.js';
import { CommandPrompts } from './command/command-prompts.service.js';
import { CommandText } from './command/command-text.service.js';
import { CommandRunner } from './command/command.runner.js';
import { CompactionService } from './compaction/compaction.service.js';
import { ContextLimitService } from './compaction/context-limit.service.js';
import { PruningService } from './compaction/pruning.service.js';
import { SummarizeService } from './compaction/summarize.service.js';
import { TurnCompactionFactory } from './compaction/turn-compaction.js';
import { AttachmentReader } from './file-part/attachment-reader.service.js';
import { BinaryFile } from './file-part/binary-file.js';
import { DataFile } from './file-part/data-file.js';
import { DirectoryFile } from './file-part/directory-file.js';
import { filePartKinds, FileParts } from './file-part/file-parts.service.js';
import { RemoteFile } from './file-part/remote-file.js';
import { ResourceFile } from './file-part/resource-file.js';
import { TextFile } from './file-part/text-file.js';
import { ForkService } from './history/fork.service.js';
import { HistoryRepair } from './history/history-repair.service.js';
import { HistoryService } from './history/history.service.js';
import { PartService } from './history/part.service.js';
import { RecentHistory } from './history/recent-history.service.js';
import { MentionService } from './message/mention.service.js';
import { MessageWriterFactory } from './message/message.writer.js';
import { PromptService } from './message/prompt.service.js';
import { UserMessageComposer } from './message/user-message.composer.js';
import { UserMessageWriter } from './message/user-message.writer.js';
import { RevertMarker } from './revert/revert-marker.js';
import { RevertService } from './revert/revert.service.js';
import { RunRegistry } from './run/run.registry.js';
import { SessionClaims } from './run/session-claims.service.js';
import { SessionRunFactory } from './run/session-run.js';
import { SessionRunner } from './run/session.runner.js';
import { SessionAsks } from './session-asks.service.js';
import { SessionGate } from './session-gate.service.js';
import { SessionStores } from './session-stores.js';
import { SessionService } from './session.service.js';
import { SharePolicy } from './share-policy.service.js';
import { SharingService } from './sharing.service.js';
import { ShellRunner } from './shell/shell.runner.js';
import { DiffService } from './snapshot/diff.service.js';
import { SessionSnapshots } from './snapshot/session-snapshots.service.js';
import { ChildSessionService } from './subagent/child-session.service.js';
import { SessionSubagentRunner } from './subagent/session-subagent.runner.js';
import { TaskPrompts } from './subagent/task-prompts.service.js';
import { TitleService } from './title.service.js';
import { AnswerStepsFactory } from './turn/answer-steps.js';
import { PromptHooks } from './turn/prompt-hooks.service.js';
import { RequestBuilder } from './turn/request.builder.js';
import { SessionTurnFactory } from './turn/session-turn.js';
import { ToolCallerFactory } from './turn/tool-caller.js';
import { TurnBackground } from './turn/turn-background.js';
import { TurnPreparation } from './turn/turn-preparation.js';

/** Sessions and the runs that answer their prompts. */
@Module({
  imports: [
    AgentModule,
    ConfigModule,
    LspModule,
    McpModule,
    PermissionModule,
    ProjectModule,
    ProviderModule,
    ToolModule,
  ],
  providers: [
    AnswerStepsFactory,
    AttachmentReader,
    ChildSessionService,
    CommandPrompts,
    CommandRunner,
    CommandText,
    CompactionService,
    ContextLimitService,
    DiffService,
    FileParts,
    ...filePartKinds(ResourceFile, DataFile, DirectoryFile, TextFile, BinaryFile, RemoteFile),
    ForkService,
    HistoryRepair,
    HistoryService,
    MentionService,
    MessageWriterFactory,
    PartService,
    PromptHooks,
    PromptService,
    PruningService,
    RecentHistory,
    RequestBuilder,
    RevertMarker,
    RevertService,
    RunRegistry,
    SessionAsks,
    SessionClaims,
    SessionGate,
    SessionRunFactory,
    SessionRunner,
    SessionService,
    SessionSnapshots,
    SessionStatisticsService,
    SessionStores,
    SessionTransfer,
    { provide: SubagentRunner, useClass: SessionSubagentRunner },
    SessionTurnFactory,
    SharePolicy,
    SharingService,
    ShellRunner,
    SummarizeService,
    TaskPrompts,
    TaskTool,
    TitleService,
    ToolCallerFactory,
    TurnBackground,
    TurnCompactionFactory,
    TurnPreparation,
    UserMessageComposer,
    UserMessageWriter,
  ],
  exports: [
    SessionAsks,
    CommandRunner,
    DiffService,
    ForkService,
    HistoryService,
    PartService,
    RevertService,
    SessionRunner,
    SessionService,
    SessionStatisticsService,
    SessionTransfer,
    SharingService,
    ShellRunner,
    SummarizeService,
  ],
})
export class SessionModule {}
