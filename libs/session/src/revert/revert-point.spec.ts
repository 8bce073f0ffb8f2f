import type { MessageWithParts } from '#libs/contract';
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
