import { isFinishedSummary, type OpenStep, type StepOutcome } from '#libs/agent';
import type { MessageWithParts } from '#libs/contract';
import { costOf, tokensOf } from '#libs/provider';
import type { Conversation } from '../turn/conversation.js';
import type { TurnMessages } from '../turn/turn-messages.js';
import type { DueCompaction, TurnCompaction } from './turn-compaction.js';

export interface SummaryStepInput {
  due: DueCompaction;
  compaction: TurnCompaction;
  conversation: Conversation;
  messages: TurnMessages;
}

/** The step that puts a summary into the place of the conversation. */
export async function openSummaryStep({
  due,
  compaction,
  conversation,
  messages,
}: SummaryStepInput): Promise<OpenStep> {
  messages.leave();
  const { model, message, request } = await compaction.prepare(due, conversation);
  const writer = await messages.open(due.user, message);
  return {
    request,
    emit: (event) => {
      if (event.type !== 'step-finish') return messages.tell(event, writer);
      const tokens = tokensOf(event.usage, event.metadata, model);
      writer.finishStep(event.reason, tokens, costOf(tokens, model));
    },
    close: async (ended) => {
      const outcome = judged(ended, writer.state);
      await messages.close(writer, outcome);
      if (outcome.kind !== 'finished') return 'fail';
      await compaction.finish(due, writer.state, conversation);
      return due.auto ? 'go-on' : 'end';
    },
  };
}

/** A summary without text is a failure. */
function judged(outcome: StepOutcome, summary: MessageWithParts): StepOutcome {
  if (outcome.kind !== 'finished' || isFinishedSummary(summary)) return outcome;
  const message = 'The model wrote no summary; the conversation stays as it is';
  return { kind: 'failed', error: { name: 'UnknownError', data: { message } } };
}
