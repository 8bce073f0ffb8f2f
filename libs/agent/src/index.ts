export { AgentModule } from './agent.module.js';
export { TITLE_INSTRUCTION } from './agents/agent-prompts.js';
export { AgentService, splitModel } from './agents/agent.service.js';
export { expandTemplate, type ShellSnippet } from './commands/command-template.js';
export { CommandService, type ReadyCommand } from './commands/command.service.js';
export {
  condensed,
  isCompaction,
  isFinishedSummary,
  newestMeasured,
  reachesSummary,
  sinceCompaction,
  upTo,
} from './conversation/compaction.js';
export { contextTokens, type ContextLimitOptions, isContextFull, usableContext } from './conversation/context-limit.js';
export { type CompletedToolPart, prunableOutputs } from './conversation/prunable.js';
export { toPrompt } from './conversation/to-prompt.js';
export { TOOL_ABORTED, runStep, type StepOutcome, type StepRequest, type StepWorld } from './loop/step.js';
export type { FinishReason, StepEvent } from './loop/step-event.js';
export { INVALID_TOOL, type StepTools, type ToolCall } from './loop/tool-call.js';
export { RepeatedCalls } from './loop/repeated-calls.js';
export { runTurn, type OpenStep, type Turn, type Verdict } from './loop/turn.js';
export { type PlanFile, withModeReminder } from './prompt/mode-reminder.js';
export { systemPrompt, type SystemPromptInput } from './prompt/system-prompt.js';
export {
  COMPACTION_CONTINUE,
  COMPACTION_TEMPLATE,
  LAST_STEP_NOTE,
  STRUCTURED_OUTPUT_DESCRIPTION,
  STRUCTURED_OUTPUT_NOTE,
  STRUCTURED_OUTPUT_REMINDER,
} from './prompt/turn-notes.js';
