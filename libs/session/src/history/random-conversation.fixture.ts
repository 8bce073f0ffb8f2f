import type { MessageWithParts } from '#libs/contract';

/** A conversation that is the same for each seed: answers to what is there and to what is gone, parts of many kinds. */
export function randomConversation(seed: number): MessageWithParts[] {
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
