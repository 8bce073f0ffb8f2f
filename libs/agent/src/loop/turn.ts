import { runStep, type StepOutcome, type StepRequest, type StepWorld } from './step.js';

/** A step that is about to run, with the message it writes to. */
export interface OpenStep {
  request: StepRequest;
  emit: StepWorld['emit'];
  /** Completes the message with how the step ended, and may say what comes next. */
  close: (outcome: StepOutcome) => Promise<Verdict | void>;
}

/**
 * What follows a step. Unless told, the turn goes on after tool calls and ends after anything else; `fail` ends it when
 * the step itself went well.
 */
export type Verdict = 'go-on' | 'end' | 'fail';

/** One user message on its way to an answer. Everything outside the loop comes through here. */
export interface Turn {
  clock: StepWorld['clock'];
  signal: AbortSignal;
  /** Told before each step and once after the last. */
  onIteration(): void;
  /** Opens the message of the next step and prepares its request from the conversation as it stands now. */
  open(): Promise<OpenStep>;
}

/** Steps until the model has nothing more to do. Resolves with how the last step ended. */
export async function runTurn(turn: Turn): Promise<StepOutcome> {
  for (;;) {
    turn.onIteration();
    if (turn.signal.aborted) return { kind: 'aborted' };
    const { request, emit, close } = await turn.open();
    const outcome = await runStep(request, { clock: turn.clock, signal: turn.signal, emit });
    const verdict = (await close(outcome)) ?? verdictOn(outcome);
    if (verdict === 'go-on') continue;
    if (outcome.kind === 'finished' && !outcome.final && verdict !== 'fail') turn.onIteration();
    return outcome;
  }
}

function verdictOn(outcome: StepOutcome): Verdict {
  return outcome.kind === 'finished' && !outcome.final && outcome.reason === 'tool-calls' ? 'go-on' : 'end';
}
