import type { MessageWithParts } from '#libs/contract';
import { randomConversation } from '../history/random-conversation.fixture.js';
import { originsOf, revertedFrom, revertPoint } from './revert-point.js';

const part = (id: string, type: string, more: object = {}) => ({ id, type, ...more });
const user = (id: string) => ({ info: { id, role: 'user' }, parts: [part(`${id}p`, 'text')] }) as MessageWithParts;
const answer = (id: string, parentID: string, ...parts: object[]) =>
  ({ info: { id, role: 'assistant', parentID }, parts }) as MessageWithParts;

const history = [
  user('msg_1'),
  answer(
    'msg_2',
    'msg_1',
    part('a', 'step-start'),
    part('b', 'text'),
    part('c', 'tool'),
    part('d', 'patch', { hash: 'one', files: ['/x', '/y'] }),
  ),
  answer(
    'msg_3',
    'msg_1',
    part('e', 'step-start'),
    part('f', 'tool'),
    part('g', 'patch', { hash: 'two', files: ['/y', '/z'] }),
  ),
  user('msg_4'),
];

describe('revertPoint', () => {
  it.each([
    [{ messageID: 'msg_1' }, { messageID: 'msg_1' }],
    [{ messageID: 'msg_3' }, { messageID: 'msg_1' }],
    [
      { messageID: 'msg_2', partID: 'c' },
      { messageID: 'msg_2', partID: 'c' },
    ],
    [{ messageID: 'msg_2', partID: 'b' }, { messageID: 'msg_1' }],
    [{ messageID: 'msg_4', partID: 'msg_4p' }, { messageID: 'msg_4' }],
    [{ messageID: 'msg_9' }, undefined],
    [{ messageID: 'msg_2', partID: 'f' }, undefined],
  ])('%j is %j', (input, expected) => {
    expect(revertPoint(history, input)).toEqual(expected);
  });

  it('is an answer itself when its question is gone', () => {
    expect(revertPoint(history.slice(1), { messageID: 'msg_2' })).toEqual({ messageID: 'msg_2' });
  });
});

describe('revertedFrom', () => {
  it('cuts at a message or a part', () => {
    expect(revertedFrom(history, { messageID: 'msg_3' })).toEqual(history.slice(2));
    const [first, ...rest] = revertedFrom(history, { messageID: 'msg_2', partID: 'c' });
    expect(first?.parts.map(({ id }) => id)).toEqual(['c', 'd']);
    expect(rest).toEqual(history.slice(2));
    expect(revertedFrom(history, { messageID: 'msg_9' })).toEqual([]);
  });
});

describe('originsOf', () => {
  it('names the earliest snapshot of each file', () => {
    expect(Object.fromEntries(originsOf(history))).toEqual({ '/x': 'one', '/y': 'one', '/z': 'two' });
  });
});

describe.each(Array.from({ length: 60 }, (_, seed) => seed))('any point of the conversation number %i', (seed) => {
  const messages = randomConversation(seed);
  const targets = messages.flatMap(({ info, parts }) => [
    { messageID: info.id },
    ...parts.map(({ id }) => ({ messageID: info.id, partID: id })),
  ]);

  it('cuts it in two, and nothing is lost between', () => {
    for (const target of targets) {
      const point = revertPoint(messages, target)!;
      const reverted = revertedFrom(messages, point);
      const at = messages.findIndex(({ info }) => info.id === point.messageID);
      expect(reverted.map(({ info }) => info.id)).toEqual(messages.slice(at).map(({ info }) => info.id));
      const first = messages[at]!;
      const kept = first.parts.slice(0, first.parts.length - reverted[0]!.parts.length);
      expect([...kept, ...reverted[0]!.parts]).toEqual(first.parts);
      expect(reverted.slice(1)).toEqual(messages.slice(at + 1));
      // never behind what was asked to be taken back
      expect(at).toBeLessThanOrEqual(messages.findIndex(({ info }) => info.id === target.messageID));
    }
  });

  it('leaves no answer without anything in it, and no half of a turn', () => {
    for (const target of targets) {
      const point = revertPoint(messages, target)!;
      const { info, parts } = messages.find((message) => message.info.id === point.messageID)!;
      const kept = parts.slice(
        0,
        parts.findIndex(({ id }) => id === point.partID),
      );
      if (point.partID !== undefined) expect(kept.some(({ type }) => type === 'text' || type === 'tool')).toBe(true);
      else if (info.role === 'assistant') expect(messages.some(({ info: { id } }) => id === info.parentID)).toBe(false);
    }
  });
});
