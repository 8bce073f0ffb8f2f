import type { AssistantMessage, MessageWithParts, UserMessage } from '#libs/contract';
import { Conversation } from './conversation.js';

const user = (id: string) => ({
  info: { id, role: 'user' } as UserMessage,
  parts: [{ id: `prt_${id}`, sessionID: 'ses_1', messageID: id, type: 'text' as const, text: id }],
});
const answer = (id: string): MessageWithParts => ({ info: { id, role: 'assistant' } as AssistantMessage, parts: [] });

describe('Conversation', () => {
  it('knows the parts of what is being answered, also after the work goes on with another message', () => {
    const prompt = user('a');
    const conversation = new Conversation(prompt.info, [user('0'), prompt]);
    expect(conversation.askedParts).toEqual(prompt.parts);
    conversation.add(answer('b'));
    const next = user('c');
    conversation.goOn(next);
    expect(conversation.asked).toBe(next.info);
    expect(conversation.askedParts).toEqual(next.parts);
    expect(conversation.history.map(({ info }) => info.id)).toEqual(['0', 'a', 'b', 'c']);
  });

  it('is a request and its summary after a summary', () => {
    const conversation = new Conversation(user('a').info, [user('a'), answer('b'), user('c')]);
    conversation.condense('c', answer('d'));
    expect(conversation.history.map(({ info }) => info.id)).toEqual(['c', 'd']);
  });
});
