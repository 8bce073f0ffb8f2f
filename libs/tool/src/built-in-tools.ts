import type { Type } from '@nestjs/common';
import type { AgentToolHandler } from '#libs/extension';
import { ApplyPatchTool } from './apply-patch/apply-patch.tool.js';
import { BashTool } from './bash/bash.tool.js';
import { BatchTool } from './batch/batch.tool.js';
import { EditTool } from './edit/edit.tool.js';
import { GlobTool } from './glob/glob.tool.js';
import { GrepTool } from './grep/grep.tool.js';
import { InvalidTool } from './invalid/invalid.tool.js';
import { LspTool } from './lsp/lsp.tool.js';
import { PlanEnterTool } from './plan/plan-enter.tool.js';
import { PlanExitTool } from './plan/plan-exit.tool.js';
import { QuestionTool } from './question/question.tool.js';
import { ReadTool } from './read/read.tool.js';
import { CodeSearchTool } from './search/codesearch.tool.js';
import { WebSearchTool } from './search/websearch.tool.js';
import { SkillTool } from './skill/skill.tool.js';
import { TaskTool } from './task/task.tool.js';
import { TodoWriteTool } from './todowrite/todowrite.tool.js';
import { WebFetchTool } from './webfetch/webfetch.tool.js';
import { WriteTool } from './write/write.tool.js';

/** In the order in which clients and models see them. */
const BUILT_IN_TOOLS: readonly Type<AgentToolHandler>[] = [
  InvalidTool,
  QuestionTool,
  BashTool,
  ReadTool,
  GlobTool,
  GrepTool,
  EditTool,
  WriteTool,
  TaskTool,
  WebFetchTool,
  TodoWriteTool,
  WebSearchTool,
  CodeSearchTool,
  SkillTool,
  ApplyPatchTool,
  LspTool,
  BatchTool,
  PlanExitTool,
  PlanEnterTool,
];

/** Those that need ports of other modules, which provide them. */
const ELSEWHERE: ReadonlySet<unknown> = new Set([TaskTool]);

/** The built-in tools that stand on their own. */
export const OWN_TOOLS = BUILT_IN_TOOLS.filter((tool) => !ELSEWHERE.has(tool));

/** Place of a tool, by its class: that of a built-in tool, or behind them. */
export function rankOf(tool: unknown): number {
  const index = BUILT_IN_TOOLS.findIndex((each) => each === tool);
  return index < 0 ? BUILT_IN_TOOLS.length : index;
}
