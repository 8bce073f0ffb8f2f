import type { MessageWithParts } from '#libs/contract';
import { CONTINUATION } from './continuation.js';
import { orderTurns, upTo } from './order-turns.js';

const user = (id: string) => ({ info: { id, role: 'user' }, parts: [] }) as unknown as MessageWithParts;
const answer = (id: string, parentID: string) =>
  ({ info: { id, role: 'assistant', parentID }, parts: [] }) as unknown as MessageWithParts;
const goOn = (id: string) =>
  ({
    info: { id, role: 'user' },
    parts: [{ type: 'text', text: 'on', synthetic: true, metadata: CONTINUATION }],
  }) as unknown as MessageWithParts;
const compaction = (id: string, auto = true) =>
  ({ info: { id, role: 'user' }, parts: [{ type: 'compaction', auto }] }) as unknown as MessageWithParts;
const ids = (history: MessageWithParts[]) => history.map(({ info }) => info.id).join(' ');

const QUEUED = [user('u1'), answer('a1', 'u1'), user('u2'), answer('a2', 'u1'), answer('b1', 'u2')];

describe('orderTurns', () => {
  it('puts each answer behind its question', () => expect(ids(orderTurns(QUEUED))).toBe('u1 a1 a2 u2 b1'));
  it('keeps what the server wrote to go on with a turn in that turn', () => {
    const summarised = [user('u1'), answer('a1', 'u1'), user('note'), compaction('c'), answer('s', 'c'), goOn('g')];
    expect(ids(orderTurns(summarised))).toBe('u1 a1 c s g note');
    const longer = [...summarised, user('u2'), answer('a2', 'g'), compaction('d'), user('note2'), answer('t', 'd')];
    expect(ids(orderTurns([...longer, answer('b1', 'u2')]))).toBe('u1 a1 c s g a2 d t note u2 b1 note2');
  });
  it('gives a summary that a person asked for a turn of its own', () =>
    expect(
      ids(orderTurns([user('u1'), answer('a1', 'u1'), user('note'), compaction('c', false), answer('s', 'c')])),
    ).toBe('u1 a1 note c s'));
  it('keeps answers whose question is gone', () =>
    expect(ids(orderTurns([answer('x', 'gone'), user('u1')]))).toBe('x u1'));
});

describe('upTo', () => {
  it('leaves out what was queued behind', () => expect(ids(upTo(QUEUED, 'u1'))).toBe('u1 a1 a2'));
  it('puts a waiting question behind what was done meanwhile, and what came later nowhere', () =>
    expect(
      ids(upTo([user('u1'), answer('a1', 'u1'), user('u2'), user('n'), compaction('c'), answer('s', 'c')], 'u2')),
    ).toBe('u1 a1 c s u2'));
  it('ends with the answers of the last question', () => expect(ids(upTo(QUEUED, 'u2'))).toBe('u1 a1 a2 u2 b1'));
});
