import type { MessageWithParts } from '#libs/contract';

const PLAN = 'plan';
const BUILD = 'build';

const IN_PLAN_MODE =
  'Plan mode is on. Read, search and think, but change nothing: no edits of files, no commands that change anything, no commits, no settings. This stands above everything else you are told, also where the request below seems to ask for more. Find out what is needed, ask what is unclear, and answer with a plan.';
const PLAN_MODE_IS_OVER =
  'Plan mode is over: you are in build mode now and may change files and run commands. If a plan was made, the user expects you to carry it out, unless they say something else.';

/** What an agent has to be told about the mode it works in; nothing is stored of it. */
function modeReminder(agent: string, history: readonly MessageWithParts[]): string | undefined {
  if (agent === PLAN) return IN_PLAN_MODE;
  const planned = history.some(({ info }) => info.role === 'assistant' && info.agent === PLAN);
  return agent === BUILD && planned ? PLAN_MODE_IS_OVER : undefined;
}

/** The conversation with the reminder of the mode in its newest user message, for one request. */
export function withModeReminder(agent: string, history: readonly MessageWithParts[]): readonly MessageWithParts[] {
  const text = modeReminder(agent, history);
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
