import type { MessageWithParts, ToolPart } from '#libs/contract';
import { isFinishedSummary } from './compaction.js';

/** Tokens of tool outputs that are always kept, newest first. */
const KEPT = 40_000;
/** Less than this is not worth the trouble, in tokens. */
const WORTHWHILE = 20_000;
/** User messages, counted from the newest, from which on nothing is touched. */
const KEPT_TURNS = 2;
const CHARACTERS_PER_TOKEN = 4;
/** Tools whose output stays: instructions that go on to matter. */
const EXEMPT = new Set(['skill']);

type CompletedToolPart = ToolPart & { state: Extract<ToolPart['state'], { status: 'completed' }> };

/** Old tool outputs that a model need not read again, newest first; none when they are too few to matter. */
export function prunableOutputs(history: readonly MessageWithParts[]): CompletedToolPart[] {
  const found: CompletedToolPart[] = [];
  let turns = 0;
  let seen = 0;
  let freed = 0;
  for (const message of history.toReversed()) {
    const { info, parts } = message;
    // nobody reads what lies behind a summary
    if (isFinishedSummary(message)) break;
    if (info.role === 'user') turns++;
    if (turns < KEPT_TURNS) continue;
    const completed = parts.filter(isCompleted).filter(({ tool }) => !EXEMPT.has(tool));
    // what lies behind a pruned output was judged before
    const pruned = completed.findLastIndex(({ state }) => state.time.compacted !== undefined);
    for (const part of completed.slice(pruned + 1).reverse()) {
      const tokens = Math.round(part.state.output.length / CHARACTERS_PER_TOKEN);
      seen += tokens;
      if (seen <= KEPT) continue;
      freed += tokens;
      found.push(part);
    }
    if (pruned >= 0) break;
  }
  return freed > WORTHWHILE ? found : [];
}

function isCompleted(part: MessageWithParts['parts'][number]): part is CompletedToolPart {
  return part.type === 'tool' && part.state.status === 'completed';
}
