export {
  SessionStatisticsService,
  type ModelUse,
  type SessionStatistics,
} from './archive/session-statistics.service.js';
export { type StatisticsQuery, type TokenSums } from './archive/session-statistics.service.js';
export { SessionTransfer, type SessionExport } from './archive/session-transfer.service.js';
export { CommandRunner } from './command/command.runner.js';
export { SummarizeService } from './compaction/summarize.service.js';
export { ForkService } from './history/fork.service.js';
export { HistoryService } from './history/history.service.js';
export { PartService, type PartPlace } from './history/part.service.js';
export { RevertService } from './revert/revert.service.js';
export { SessionRunner, type PromptReceipt } from './run/session.runner.js';
export { SessionAsks } from './session-asks.service.js';
export { SessionModule } from './session.module.js';
export { SessionService } from './session.service.js';
export { SharingService } from './sharing.service.js';
export { ShellRunner } from './shell/shell.runner.js';
export { DiffService } from './snapshot/diff.service.js';
