/** Last message of a request for a summary. */
export const COMPACTION_TEMPLATE = `Write the summary of the conversation above that the next agent will start from. It replaces everything said so far, so leave nothing out that the work depends on. Use these headings:

## Goal
What the user wants, in their own words where they matter. Quote the latest request in full.
## Instructions
Rules, preferences and plans the user gave that still apply.
## Discoveries
What was found out and would be expensive to find out again.
## Accomplished
What is done, what is in progress, what is left, in this order.
## Relevant files
Absolute paths of the files and directories that matter, with a few words each.`;

/** Sent by the server after it summarised a conversation on its own, so that the work goes on. */
export const COMPACTION_CONTINUE =
  'The conversation was summarised to save space. Go on with what is left of the work; if it is not clear how, ask. If nothing is left, say so briefly.';

/** Added to the last request that an agent with a step limit may make. */
export const LAST_STEP_NOTE =
  'This is the last step you may take for this request: the limit of steps is reached and the tools are withdrawn. Answer in text now: say what was done, what is left and how to go on.';

/** Added to the system prompt when the answer must fit a schema. */
export const STRUCTURED_OUTPUT_NOTE =
  'The user wants the answer as structured data. When you have everything you need, call the tool StructuredOutput exactly once with the complete answer as its arguments. Do not answer in text: only the arguments of that call are read.';

/** Told to a model that answered in text although structured data was wanted. */
export const STRUCTURED_OUTPUT_REMINDER =
  'No structured answer has arrived. Call the tool StructuredOutput now, with the complete answer as its arguments.';

export const STRUCTURED_OUTPUT_DESCRIPTION =
  'Gives the final answer as structured data. Call it once, as the last thing you do, with the complete answer.';
