import type { MessageWithParts } from '#libs/contract';
import { orderTurns, upTo } from './order-turns.js';

const user = (id: string) => ({ info: { id, role: 'user' }, parts: [] }) as unknown as MessageWithParts;
const answer = (id: string, parentID: string) =>
  ({ info: { id, role: 'assistant', parentID }, parts: [] }) as unknown as MessageWithParts;
const ids = (history: MessageWithParts[]) => history.map(({ info }) => info.id).join(' ');

const QUEUED = [user('u1'), answer('a1', 'u1'), user('u2'), answer('a2', 'u1'), answer('b1', 'u2')];

describe('orderTurns', () => {
  it('puts each answer behind its question', () => expect(ids(orderTurns(QUEUED))).toBe('u1 a1 a2 u2 b1'));
  it('puts turns in the order of their first answer', () =>
    expect(
      ids(orderTurns([user('u1'), answer('a1', 'u1'), user('u2'), user('c'), answer('s', 'c'), answer('b1', 'u2')])),
    ).toBe('u1 a1 c s u2 b1'));
  it('keeps answers whose question is gone', () =>
    expect(ids(orderTurns([answer('x', 'gone'), user('u1')]))).toBe('x u1'));
});

describe('upTo', () => {
  it('leaves out what was queued behind', () => expect(ids(upTo(QUEUED, 'u1'))).toBe('u1 a1 a2'));
  it('puts a waiting question behind what was done meanwhile', () =>
    expect(ids(upTo([user('u1'), answer('a1', 'u1'), user('u2'), user('u3'), user('c'), answer('s', 'c')], 'u2'))).toBe(
      'u1 a1 c s u2',
    ));
  it('ends with the answers of the last question', () => expect(ids(upTo(QUEUED, 'u2'))).toBe('u1 a1 a2 u2 b1'));
});
