import { agentCreate } from './agent/agent-create.js';
import { agentList } from './agent/agent-list.js';
import { authList } from './auth/auth-list.js';
import { authLogin } from './auth/auth-login.js';
import { authLogout } from './auth/auth-logout.js';
import type { Command } from './command.js';
import { completionOf } from './completion.js';
import { configPath, configSchema, configShow } from './config/config.js';
import { databasePath, databaseQuery } from './db.js';
import { debugPaths, debugQuestions } from './debug/debug.js';
import { debugAgent } from './debug/debug-agent.js';
import { debugLooks, debugWait } from './debug/inside.js';
import { generate } from './generate.js';
import { mcpAdd } from './mcp/mcp-add.js';
import { mcpAuth, mcpAuthList, mcpLogout } from './mcp/mcp-auth.js';
import { mcpDebug } from './mcp/mcp-debug.js';
import { mcpList } from './mcp/mcp-list.js';
import { models } from './models.js';
import { run } from './run/run.js';
import { serve } from './serve.js';
import { sessionDelete, sessionList } from './session/session.js';
import { sessionExport, sessionImport } from './session/transfer.js';
import { stats } from './stats.js';
import { web } from './web.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  serve,
  web,
  run,
  models,
  authList,
  authLogin,
  authLogout,
  mcpList,
  mcpAdd,
  // before the command whose first words it shares
  mcpAuthList,
  mcpAuth,
  mcpLogout,
  mcpDebug,
  agentList,
  agentCreate,
  sessionList,
  sessionDelete,
  sessionExport,
  sessionImport,
  stats,
  databasePath,
  databaseQuery,
  configShow,
  configPath,
  configSchema,
  ...debugQuestions,
  ...debugLooks,
  debugAgent,
  debugPaths,
  debugWait,
  generate,
  completionOf(() => COMMANDS),
];
