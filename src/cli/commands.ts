import type { Command } from './command.js';
import { run } from './run/run.js';
import { serve } from './serve.js';
import { models } from './models.js';
import { sessionDelete, sessionList } from './session/session.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [serve, run, models, sessionList, sessionDelete];
