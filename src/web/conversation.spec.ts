/** The modules of the page are no part of the program: they are loaded as a browser does it. */
const { Conversation, describeTool, pieces, promptRequest } = await import(
  new URL('./page/conversation.js', import.meta.url).href
);

const info = (id: string, more = {}) => ({ id, sessionID: 'ses_1', role: 'assistant', ...more });
const text = (id: string, messageID: string, more = {}) => ({
  id,
  sessionID: 'ses_1',
  messageID,
  type: 'text',
  ...more,
});

describe('the conversation of the page', () => {
  it('is made of the history and of the events after it, in the order of the ids', () => {
    const user = info('msg_1', { role: 'user', agent: 'plan', model: { providerID: 'p', modelID: 'a/b' } });
    const conversation = new Conversation('ses_1', [{ info: user, parts: [text('prt_1', 'msg_1', { text: 'Hi' })] }]);
    const apply = (type: string, properties: object) => conversation.apply({ type, properties });
    // a part may be told before its message
    expect(apply('message.part.updated', { part: text('prt_3', 'msg_2', { text: 'B' }) })).toBe('msg_2');
    expect(conversation.messages).toHaveLength(1);
    expect(apply('message.updated', { info: info('msg_2') })).toBe('msg_2');
    apply('message.part.updated', { part: text('prt_2', 'msg_2', { text: '' }) });
    const delta = { sessionID: 'ses_1', messageID: 'msg_2', partID: 'prt_2', field: 'text', delta: 'A' };
    expect(apply('message.part.delta', delta)).toBe('msg_2');
    apply('message.part.delta', delta);
    expect(conversation.message('msg_2').parts.map((part: { text: string }) => part.text)).toEqual(['AA', 'B']);
    expect(conversation.choice).toEqual({ model: 'p/a/b', agent: 'plan' });

    expect(apply('message.part.removed', { ...delta, partID: 'prt_3' })).toBe('msg_2');
    expect(conversation.message('msg_2').parts).toHaveLength(1);
    expect(apply('message.removed', { sessionID: 'ses_1', messageID: 'msg_1' })).toBe('msg_1');
    expect(conversation.messages.map(({ id }: { id: string }) => id)).toEqual(['msg_2']);
  });

  it('takes older messages, and leaves those that it has', () => {
    const message = (id: string, said: string) => ({ info: info(id), parts: [text(`prt_${id}`, id, { text: said })] });
    const conversation = new Conversation('ses_1', [message('msg_3', 'now')]);
    conversation.apply({ type: 'message.updated', properties: { info: info('msg_4', { cost: 1 }) } });
    const history = [message('msg_1', 'a'), message('msg_2', 'b'), message('msg_3', 'old'), message('msg_4', 'old')];
    expect(conversation.addOlder(history)).toEqual(['msg_1', 'msg_2']);
    expect(conversation.addOlder(history)).toEqual([]);
    expect(conversation.messages.map(({ id }: { id: string }) => id)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4']);
    expect(conversation.message('msg_3').parts).toMatchObject([{ text: 'now' }]);
    expect(conversation.message('msg_4').info).toMatchObject({ cost: 1 });
  });

  it('leaves what is about other sessions, or means nothing to it', () => {
    const conversation = new Conversation('ses_1');
    const other = { sessionID: 'ses_2', messageID: 'msg_1', partID: 'prt_1', field: 'text', delta: 'A' };
    for (const [type, properties] of Object.entries({
      'message.updated': { info: info('msg_1', { sessionID: 'ses_2' }) },
      'message.part.updated': { part: text('prt_1', 'msg_1', { sessionID: 'ses_2' }) },
      'message.part.delta': other,
      'message.part.removed': other,
      'message.removed': other,
      'session.idle': other,
    }))
      expect(conversation.apply({ type, properties })).toBeUndefined();
    expect(conversation.messages).toEqual([]);
  });
});

describe('a text of the page', () => {
  const shown = (source: string) =>
    pieces(source).map(({ code, text }: { code: boolean; text: string }) => (code ? { code: text } : text));

  it.each<[string, unknown[]]>([
    ['', []],
    ['one\n\ntwo\n', ['one\n\ntwo']],
    ['Look:\n\n```js\nconst a = 1;\n\n```\n\nDone.', ['Look:', { code: 'const a = 1;\n' }, 'Done.']],
    ['~~~\n```\n~~~', [{ code: '```' }]],
    ['````\n```\nx\n```\n````', [{ code: '```\nx\n```' }]],
    ['still\n```sh\nls', ['still', { code: 'ls' }]],
    ['```\n```', [{ code: '' }]],
    ['a ``` b', ['a ``` b']],
    ['  - item', ['  - item']],
  ])('%j', (source, expected) => expect(shown(source)).toEqual(expected));
});

describe('a tool call of the page', () => {
  it.each([
    [
      { tool: 'bash', state: { status: 'running', input: { command: 'ls' } } },
      { line: 'bash ls (running)', input: '{\n  "command": "ls"\n}', output: '', failed: false, images: [] },
    ],
    [
      {
        tool: 'read',
        state: {
          ...{ status: 'completed', title: 'a.png', input: {}, output: 'x' },
          attachments: [
            { url: 'data:image/png;base64,AA==' },
            { url: 'https://example.com/a.png' },
            { mime: 'image/png' },
          ],
        },
      },
      {
        ...{ line: 'read a.png', input: '', output: 'x', failed: false },
        images: [{ url: 'data:image/png;base64,AA==' }],
      },
    ],
    [
      { tool: 'edit', state: { status: 'error', input: undefined, error: 'No' } },
      { line: 'edit (error)', input: '', output: 'No', failed: true, images: [] },
    ],
  ])('%#', (part, expected) => expect(describeTool(part)).toEqual(expected));
});

describe('a prompt of the page', () => {
  it.each([
    ['Hi', {}, { path: 'prompt_async', body: { parts: [{ type: 'text', text: 'Hi' }] } }],
    [
      '/nothing here',
      { model: 'p/a/b', agent: 'plan' },
      {
        path: 'prompt_async',
        body: {
          agent: 'plan',
          model: { providerID: 'p', modelID: 'a/b' },
          parts: [{ type: 'text', text: '/nothing here' }],
        },
      },
    ],
    [
      ' /review the\nlast ',
      { model: 'p/m', agent: '' },
      { path: 'command', body: { model: 'p/m', command: 'review', arguments: 'the\nlast' } },
    ],
  ])('%j', (source, choice, expected) => expect(promptRequest(source, choice, ['review'])).toEqual(expected));
});
