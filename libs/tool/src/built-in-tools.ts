import type { Type } from '@nestjs/common';
import type { AgentToolHandler } from '#libs/extension';
import { BashTool } from './bash/bash.tool.js';
import { EditTool } from './edit/edit.tool.js';
import { GlobTool } from './glob/glob.tool.js';
import { GrepTool } from './grep/grep.tool.js';
import { InvalidTool } from './invalid/invalid.tool.js';
import { ReadTool } from './read/read.tool.js';
import { TodoWriteTool } from './todowrite/todowrite.tool.js';
import { WriteTool } from './write/write.tool.js';

/** In the order in which clients and models see them. */
export const BUILT_IN_TOOLS: readonly Type<AgentToolHandler>[] = [
  InvalidTool,
  BashTool,
  ReadTool,
  GlobTool,
  GrepTool,
  EditTool,
  WriteTool,
  TodoWriteTool,
];
