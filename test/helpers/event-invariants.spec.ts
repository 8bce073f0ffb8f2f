import type { ReceivedEvent } from '../../src/testing.js';
import { violations } from './event-invariants.js';

const event = (type: string, properties: ReceivedEvent['properties']): ReceivedEvent => ({ type, properties });
const status = (type: string) => event('session.status', { sessionID: 'ses_1', status: { type } });
const message = (info: object) => event('message.updated', { info: { sessionID: 'ses_1', ...info } });
const part = (fields: object) =>
  event('message.part.updated', { part: { sessionID: 'ses_1', messageID: 'msg_2', ...fields } });
const delta = (text: string) =>
  event('message.part.delta', { sessionID: 'ses_1', messageID: 'msg_2', partID: 'prt_2', field: 'text', delta: text });

const SOUND: readonly ReceivedEvent[] = [
  event('session.created', { info: { id: 'ses_1' } }),
  message({ id: 'msg_1', role: 'user', time: { created: 1 } }),
  status('busy'),
  message({ id: 'msg_2', role: 'assistant', parentID: 'msg_1', time: { created: 2 } }),
  part({ id: 'prt_1', type: 'step-start' }),
  part({ id: 'prt_2', type: 'text', text: '', time: { start: 3 } }),
  delta('Hello'),
  part({ id: 'prt_2', type: 'text', text: 'Hello', time: { start: 3, end: 4 } }),
  message({ id: 'msg_2', role: 'assistant', parentID: 'msg_1', time: { created: 2, completed: 5 } }),
  status('idle'),
  event('session.idle', { sessionID: 'ses_1' }),
];

describe('violations', () => {
  it('are none in a sound log', () => expect(violations(SOUND)).toEqual([]));

  it.each([...SOUND.keys()])('are found when event %i is lost', (lost) => {
    // that a session was busy says nothing of its messages
    const needed = lost !== 2;
    expect(violations(SOUND.toSpliced(lost, 1)).length > 0).toBe(needed);
  });

  it('are found when a text is not what its deltas said', () => {
    expect(violations(SOUND.toSpliced(7, 0, delta('!')))).toEqual([expect.stringContaining('deltas said')]);
  });

  it('are found when a call goes back', () => {
    const call = (state: object) => part({ id: 'prt_3', type: 'tool', callID: 'call', tool: 'bash', state });
    const done = { status: 'completed', input: {}, time: { start: 3, end: 4 } };
    const run = { status: 'running', input: {}, time: { start: 3 } };
    const pending = { status: 'pending', input: {} };
    expect(violations(SOUND.toSpliced(8, 0, ...[pending, run, run, done].map(call)))).toEqual([]);
    expect(violations(SOUND.toSpliced(8, 0, ...[pending, run, done, run, done].map(call)))).not.toEqual([]);
    expect(violations(SOUND.toSpliced(8, 0, ...[run, done].map(call)))).not.toEqual([]);
  });

  it('are found when something comes after the end', () => {
    expect(violations([...SOUND, part({ id: 'prt_9', type: 'step-start' })])).not.toEqual([]);
    expect(violations([...SOUND, status('busy')])).not.toEqual([]);
    expect(violations([...SOUND, status('busy')], ['ses_1'])).toEqual([]);
  });
});
