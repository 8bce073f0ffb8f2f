import type { MessageWithParts, Part } from '#libs/contract';
import { copyConversation, forkTitle, messagesBefore } from './conversation-copy.js';
import { randomConversation } from './random-conversation.fixture.js';

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

/** Ids of messages, parts and attachments. */
const idsOf = (messages: readonly MessageWithParts[]): string[] =>
  messages.flatMap(({ info, parts }) => [info.id, ...parts.flatMap((part) => [part.id, ...attached(part)])]);
const attached = (part: Part) =>
  part.type === 'tool' && part.state.status === 'completed' ? (part.state.attachments ?? []).map(({ id }) => id) : [];

describe.each(Array.from({ length: 60 }, (_, seed) => seed))('the copy of a conversation, as number %i', (seed) => {
  const source = randomConversation(seed);
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
