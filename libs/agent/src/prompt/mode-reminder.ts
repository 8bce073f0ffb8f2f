import type { MessageWithParts } from '#libs/contract';

const PLAN = 'plan';
const BUILD = 'build';

const IN_PLAN_MODE =
  'Plan mode is on. Read, search and think, but change nothing: no edits of files, no commands that change anything, no commits, no settings. This stands above everything else you are told, also where the request below seems to ask for more. Find out what is needed, ask what is unclear, and answer with a plan.';
const PLAN_MODE_IS_OVER =
  'Plan mode is over: you are in build mode now and may change files and run commands. If a plan was made, the user expects you to carry it out, unless they say something else.';

/** Where the plan of a session is written down. */
export interface PlanFile {
  /** Absolute. */
  path: string;
  /** There is one already. */
  exists: boolean;
}

function planningWith({ path, exists }: PlanFile): string {
  const file = exists ? `the plan that is in ${path}: read it, and go on with it` : `a plan, and write it to ${path}`;
  return `Plan mode is on. The only file that you may change is the plan. Read, search and think, but change nothing else: no edits of other files, no commands that change anything, no commits, no settings. This stands above everything else you are told.

Work in this order: look at what is there, with subagents for what is large; ask the user what is unclear with the question tool; make ${file}. It says what is wanted, what will be changed in which files, in which order, and how it will be checked. When it is complete and nothing is open, call plan_exit: the user then decides whether it is carried out.`;
}

const carryOut = (path: string) =>
  `${PLAN_MODE_IS_OVER} The plan is in ${path}: read it first when you do not know it.`;

/** What an agent has to be told about the mode it works in; nothing is stored of it. */
function modeReminder(agent: string, history: readonly MessageWithParts[], plan?: PlanFile): string | undefined {
  if (agent === PLAN) return plan ? planningWith(plan) : IN_PLAN_MODE;
  const planned = history.some(({ info }) => info.role === 'assistant' && info.agent === PLAN);
  if (agent !== BUILD || !planned) return undefined;
  return plan?.exists ? carryOut(plan.path) : PLAN_MODE_IS_OVER;
}

/**
 * The conversation with the reminder of the mode in its newest user message, for one request.
 * @param plan when plans are kept in files
 */
export function withModeReminder(
  agent: string,
  history: readonly MessageWithParts[],
  plan?: PlanFile,
): readonly MessageWithParts[] {
  const text = modeReminder(agent, history, plan);
  const newest = history.findLast(({ info }) => info.role === 'user');
  if (text === undefined || !newest) return history;
  const { id: messageID, sessionID } = newest.info;
  const reminder = {
    ...{ id: `${messageID}-mode`, sessionID, messageID, type: 'text' as const, synthetic: true },
    text: `<system-reminder>\n${text}\n</system-reminder>`,
  };
  return history.map((message) =>
    message === newest ? { info: message.info, parts: [...message.parts, reminder] } : message,
  );
}
