import { runStep, type StepOutcome, type StepRequest, type StepWorld } from './step.js';

/** A step that is about to run, with the message it writes to. */
export interface OpenStep {
  request: StepRequest;
  emit: StepWorld['emit'];
  /** Completes the message with how the step ended. */
  close: (outcome: StepOutcome) => Promise<void>;
}

/** One user message on its way to an answer. Everything outside the loop comes through here. */
export interface Turn {
  clock: StepWorld['clock'];
  signal: AbortSignal;
  /** Told before each step and once after the last. */
  onIteration(): void;
  /** Opens the message of the next step and prepares its request from the conversation as it stands now. */
  open(step: number): Promise<OpenStep>;
}

/** Steps until the model has nothing more to do. Resolves with how the last step ended. */
export async function runTurn(turn: Turn): Promise<StepOutcome> {
  for (let step = 1; ; step++) {
    turn.onIteration();
    if (turn.signal.aborted) return { kind: 'aborted' };
    const { request, emit, close } = await turn.open(step);
    const outcome = await runStep(request, { clock: turn.clock, signal: turn.signal, emit });
    await close(outcome);
    if (outcome.kind !== 'finished') return outcome;
    if (outcome.final) return outcome;
    if (outcome.reason !== 'tool-calls') {
      turn.onIteration();
      return outcome;
    }
  }
}
