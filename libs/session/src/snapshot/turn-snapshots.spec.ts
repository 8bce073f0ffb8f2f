import type { StepTools } from '#libs/agent';
import { TurnSnapshots } from './turn-snapshots.js';

const signal = new AbortController().signal;
const call = { callID: 'a', tool: 'bash', input: {} };

/** Files that change with every call of a tool. */
function world(available = true) {
  let state = 0;
  let tracked = 0;
  const tools: StepTools = {
    offered: ['bash'],
    execute: () => Promise.resolve({ title: '', output: `${++state}` }),
    endTurn: () => false,
  };
  const recorder = {
    track: () => {
      tracked++;
      return Promise.resolve(available ? `tree ${state}` : undefined);
    },
    changedFiles: (from: string, to: string) => Promise.resolve([`${from} to ${to}`]),
  };
  return { tools, turn: new TurnSnapshots(recorder), recorder, tracked: () => tracked };
}

describe('TurnSnapshots', () => {
  it('frames steps, and takes the end of one for the start of the next', async () => {
    const { tools, turn, tracked } = world();
    const first = turn.begin();
    await first.gate(tools).execute(call, signal);
    expect(await first.end()).toEqual({
      snapshot: 'tree 1',
      patch: { hash: 'tree 0', files: ['tree 0 to tree 1'] },
    });
    const second = turn.begin();
    expect(await second.before).toBe('tree 1');
    expect(await second.end()).toEqual({ snapshot: 'tree 1' });
    expect([turn.first, turn.last, tracked()]).toEqual(['tree 0', 'tree 1', 2]);
  });

  it('holds tools back until the files are recorded', async () => {
    const { tools, turn, recorder } = world();
    const gate = Promise.withResolvers<string>();
    recorder.track = () => gate.promise;
    let done = false;
    const step = turn.begin();
    const result = step
      .gate(tools)
      .execute(call, signal)
      .then(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    gate.resolve('tree');
    await result;
    expect(done).toBe(true);
  });

  it('does not begin a tool that was aborted meanwhile', async () => {
    const { tools, turn } = world();
    await expect(
      turn
        .begin()
        .gate(tools)
        .execute(call, AbortSignal.abort(new Error('stop'))),
    ).rejects.toThrow('stop');
  });

  it('lets the step go on without snapshots', async () => {
    const { tools, turn } = world(false);
    const step = turn.begin();
    await step.gate(tools).execute(call, signal);
    expect(await step.end()).toEqual({});
    expect(turn.last).toBeUndefined();
  });
});
