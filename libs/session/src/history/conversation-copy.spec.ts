import type { MessageWithParts, Part } from '#libs/contract';
import { copyConversation, forkTitle, messagesBefore } from './conversation-copy.js';

describe('forkTitle', () => {
  it.each([
    ['Work', 'Work (fork #1)'],
    ['Work (fork #1)', 'Work (fork #2)'],
    ['Work (fork #9)', 'Work (fork #10)'],
    ['Two\nlines (fork #1)', 'Two\nlines (fork #2)'],
    ['', ' (fork #1)'],
  ])('%j becomes %j', (title, expected) => {
    expect(forkTitle(title)).toBe(expected);
  });
});

/** A conversation that is the same for each seed: answers to what is there and to what is gone, parts of many kinds. */
function conversation(seed: number): MessageWithParts[] {
  let state = seed + 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const place = (messageID: string, index: number) => ({
    id: `prt_${messageID}_${index}`,
    sessionID: 'ses_1',
    messageID,
  });
  const time = { start: 1 };
  const kinds = (messageID: string): object[] => [
    { type: 'text', text: 'x', time: { start: 1, end: 2 } },
    { type: 'text', text: 'half', time },
    { type: 'reasoning', text: 'hm', time },
    { type: 'step-start', snapshot: 'abc' },
    { type: 'tool', tool: 'a', callID: 'c', state: { status: 'pending', input: {}, raw: '' } },
    { type: 'tool', tool: 'a', callID: 'c', state: { status: 'running', input: { b: 1 }, time, metadata: { d: 1 } } },
    {
      type: 'tool',
      tool: 'a',
      callID: 'c',
      state: {
        ...{ status: 'completed', input: {}, output: 'o', title: 't', metadata: {}, time: { start: 1, end: 2 } },
        attachments: [{ ...place(messageID, 99), type: 'file', mime: 'image/png', url: 'data:' }],
      },
    },
  ];
  const users: string[] = [];
  return Array.from({ length: random(12) }, (_, index) => {
    const id = `msg_${String(index).padStart(3, '0')}`;
    const asked = random(3) === 0 || users.length === 0;
    if (asked) users.push(id);
    const common = { id, sessionID: 'ses_1', time: { created: index, ...(random(2) === 0 && { completed: index }) } };
    const parentID = random(8) === 0 ? 'msg_gone' : users[random(users.length)];
    const parts = Array.from({ length: random(5) }, (_, number) => ({
      ...kinds(id)[random(asked ? 1 : kinds(id).length)],
      ...place(id, number),
    }));
    return {
      info: { ...common, role: asked ? 'user' : 'assistant', ...(!asked && { parentID }) },
      parts,
    } as unknown as MessageWithParts;
  });
}

/** Ids of messages, parts and attachments. */
const idsOf = (messages: readonly MessageWithParts[]): string[] =>
  messages.flatMap(({ info, parts }) => [info.id, ...parts.flatMap((part) => [part.id, ...attached(part)])]);
const attached = (part: Part) =>
  part.type === 'tool' && part.state.status === 'completed' ? (part.state.attachments ?? []).map(({ id }) => id) : [];

describe.each(Array.from({ length: 60 }, (_, seed) => seed))('the copy of a conversation, as number %i', (seed) => {
  const source = conversation(seed);
  const before = structuredClone(source);
  const copy = copyConversation(source, 'ses_2', 1_000);

  it('has ids of its own, and leaves the source alone', () => {
    expect(source).toEqual(before);
    const ids = idsOf(copy);
    expect(new Set([...ids, ...idsOf(source)]).size).toBe(ids.length * 2);
    expect(copy.map(({ info }) => info.id)).toEqual(copy.map(({ info }) => info.id).toSorted());
    for (const { info, parts } of copy) {
      expect(info.sessionID).toBe('ses_2');
      expect(parts.map(({ id }) => id)).toEqual(parts.map(({ id }) => id).toSorted());
      for (const part of parts) expect([part.sessionID, part.messageID]).toEqual(['ses_2', info.id]);
    }
  });

  it('keeps who answers whom, and what was said', () => {
    const places = new Map(source.map(({ info }, index) => [info.id, index]));
    for (const [index, { info, parts }] of copy.entries()) {
      const original = source[index]!;
      expect([info.role, info.time.created]).toEqual([original.info.role, original.info.time.created]);
      if (info.role === 'assistant' && original.info.role === 'assistant') {
        const asked = places.get(original.info.parentID);
        expect(info.parentID).toBe(asked === undefined ? 'msg_gone' : copy[asked]!.info.id);
      }
      const said = (part: Part) => [part.type, 'text' in part && part.text, part.type === 'tool' && part.state.input];
      expect(parts.map(said)).toEqual(original.parts.map(said));
    }
  });

  it('has nothing open', () => {
    for (const { info, parts } of copy) {
      if (info.role !== 'assistant') continue;
      expect(info.time.completed).toBeDefined();
      for (const part of parts) {
        if (part.type === 'tool') expect(['completed', 'error']).toContain(part.state.status);
        if (part.type === 'text' || part.type === 'reasoning') expect(part.time?.end).toBeDefined();
      }
    }
  });

  it('can be cut before any message', () => {
    for (const [index, { info }] of source.entries())
      expect(messagesBefore(source, info.id)).toEqual(source.slice(0, index));
    expect(messagesBefore(source, undefined)).toEqual(source);
    expect(messagesBefore(source, 'msg_zzz')).toEqual(source);
    expect(messagesBefore(source, 'msg_')).toEqual([]);
  });
});
