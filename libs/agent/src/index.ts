export { AgentModule } from './agent.module.js';
export { TITLE_INSTRUCTION } from './agents/agent-prompts.js';
export { AgentService } from './agents/agent.service.js';
export { expandTemplate, type ShellSnippet } from './commands/command-template.js';
export { CommandService, type ReadyCommand } from './commands/command.service.js';
export {
  condensed,
  isFinishedSummary,
  newestMeasured,
  reachesSummary,
  sinceCompaction,
  upTo,
} from './conversation/compaction.js';
export { isContextFull } from './conversation/context-limit.js';
export { prunableOutputs } from './conversation/prunable.js';
export { toPrompt } from './conversation/to-prompt.js';
export { TOOL_ABORTED, type StepOutcome, type StepRequest } from './loop/step.js';
export type { FinishReason, StepEvent } from './loop/step-event.js';
export { INVALID_TOOL, type StepTools, type ToolCall } from './loop/tool-call.js';
export { RepeatedCalls } from './loop/repeated-calls.js';
export { runTurn, type OpenStep, type Verdict } from './loop/turn.js';
export { withModeReminder } from './prompt/mode-reminder.js';
export { systemPrompt } from './prompt/system-prompt.js';
export {
  COMPACTION_CONTINUE,
  COMPACTION_TEMPLATE,
  LAST_STEP_NOTE,
  STRUCTURED_OUTPUT_DESCRIPTION,
  STRUCTURED_OUTPUT_NOTE,
  STRUCTURED_OUTPUT_REMINDER,
} from './prompt/turn-notes.js';
