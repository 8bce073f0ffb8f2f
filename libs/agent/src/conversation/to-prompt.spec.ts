import type { AssistantMessage, MessageWithParts, Model, Part, ToolPart, UserMessage } from '#libs/contract';
import { INTERRUPTED, PRUNED, toPrompt } from './to-prompt.js';

const media = { text: true, audio: false, image: true, video: false, pdf: false };
const MODEL: Model = {
  id: 'm',
  providerID: 'p',
  name: 'M',
  api: { id: 'm', url: '', npm: '@ai-sdk/openai-compatible' },
  status: 'active',
  headers: {},
  options: {},
  cost: { input: 0, output: 0, cache: { read: 0, write: 0 } },
  limit: { context: 0, output: 0 },
  capabilities: {
    temperature: false,
    reasoning: false,
    attachment: true,
    toolcall: true,
    input: media,
    output: media,
    interleaved: false,
  },
  release_date: '',
};
const ids = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_1' };
const PNG = 'data:image/png;base64,AAAA';

const user = (...parts: object[]): MessageWithParts => ({
  info: { id: 'msg_1', role: 'user' } as UserMessage,
  parts: parts.map((part) => ({ ...ids, ...part }) as Part),
});
const assistant = (info: Partial<AssistantMessage>, ...parts: object[]): MessageWithParts => ({
  info: { role: 'assistant', providerID: 'p', modelID: 'm', ...info } as AssistantMessage,
  parts: parts.map((part) => ({ ...ids, ...part }) as Part),
});
const tool = (state: object): Partial<ToolPart> => ({
  type: 'tool',
  callID: 'c1',
  tool: 'read',
  state: { input: { a: 1 }, ...state } as unknown as ToolPart['state'],
});
const done = (more: object = {}) =>
  tool({ status: 'completed', output: 'out', title: '', metadata: {}, time: { start: 1, end: 2 }, ...more });
const outputs = (prompt: ReturnType<typeof toPrompt>) =>
  prompt
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .map((part) => 'output' in part && part.output);

describe('toPrompt', () => {
  it('sends user texts, also synthetic ones, and drops ignored ones and what texts already carry', () => {
    const message = user(
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two', synthetic: true },
      { type: 'text', text: 'no', ignored: true },
      { type: 'file', mime: 'text/plain', url: 'file:///a' },
      { type: 'agent', name: 'x' },
    );
    expect(toPrompt([message, user({ type: 'agent', name: 'x' })], MODEL)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one' },
          { type: 'text', text: 'two' },
        ],
      },
    ]);
  });

  it('sends media a model can take and a sentence for what it cannot', () => {
    const [message] = toPrompt(
      [
        user(
          { type: 'file', mime: 'image/png', url: PNG },
          { type: 'file', mime: 'application/pdf', url: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' },
          { type: 'file', mime: 'image/png', url: 'data:image/png;base64,' },
          { type: 'file', mime: 'image/png', url: 'https://example.com/a.png' },
          { type: 'file', mime: 'text/csv', url: 'data:text/csv;base64,w6ksYg==' },
        ),
      ],
      MODEL,
    );
    expect(message?.content).toMatchObject([
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
      { type: 'text', text: expect.stringContaining('"a.pdf"') },
      { type: 'text', text: expect.stringContaining('empty') },
      { type: 'file', data: { type: 'url' } },
      { type: 'text', text: 'é,b' },
    ]);
  });

  it.each([
    ['completed', done(), { type: 'text', value: 'out' }],
    ['pruned', done({ time: { start: 1, end: 2, compacted: 3 } }), { type: 'text', value: PRUNED }],
    ['failed', tool({ status: 'error', error: 'Error: no' }), { type: 'error-text', value: 'Error: no' }],
    ['interrupted', tool({ status: 'running', time: { start: 1 } }), { type: 'error-text', value: INTERRUPTED }],
  ])('answers every call: %s', (_, part, output) => {
    const prompt = toPrompt([assistant({}, part)], MODEL);
    expect(prompt[0]).toMatchObject({ role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1' }] });
    expect(outputs(prompt)).toEqual([output]);
  });

  it('puts attachments of tools behind the message, or into the result where the provider reads them there', () => {
    const part = done({ attachments: [{ ...ids, type: 'file', mime: 'image/png', url: PNG }] });
    const apart = toPrompt([assistant({}, part)], MODEL);
    expect(apart.at(-1)).toMatchObject({ role: 'user', content: [{ type: 'text' }, { type: 'file' }] });
    const inside = toPrompt([assistant({}, part)], { ...MODEL, api: { ...MODEL.api, npm: '@ai-sdk/anthropic' } });
    expect(outputs(inside)).toMatchObject([{ type: 'content', value: [{ type: 'text' }, { type: 'file' }] }]);
    expect(inside).toHaveLength(2);
  });

  it('keeps the calls of a repeated attempt behind the results of the first', () => {
    const prompt = toPrompt([assistant({}, done(), { type: 'step-start' }, { type: 'text', text: 'again' })], MODEL);
    expect(prompt.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
  });

  it('leaves out failed messages, but not aborted ones that did something', () => {
    const failed: AssistantMessage['error'] = { name: 'UnknownError', data: { message: '' } };
    const aborted: AssistantMessage['error'] = { name: 'MessageAbortedError', data: { message: '' } };
    const text = { type: 'text', text: 'half' };
    expect(toPrompt([assistant({ error: failed }, text)], MODEL)).toEqual([]);
    expect(toPrompt([assistant({ error: aborted }, { type: 'step-start' })], MODEL)).toEqual([]);
    expect(toPrompt([assistant({ error: aborted }, text)], MODEL)).toHaveLength(1);
    expect(toPrompt([assistant({}, { type: 'text', text: '' })], MODEL)).toEqual([]);
  });

  it('hands signatures back to the model that made them only', () => {
    const reasoning = { type: 'reasoning', text: 'hm', metadata: { anthropic: { signature: 's' } } };
    expect(toPrompt([assistant({}, reasoning)], MODEL)).toMatchObject([
      { content: [{ providerOptions: { anthropic: { signature: 's' } } }] },
    ]);
    const foreign = toPrompt([assistant({ modelID: 'other' }, reasoning)], MODEL);
    expect(foreign).toEqual([{ role: 'assistant', content: [{ type: 'reasoning', text: 'hm' }] }]);
  });
});
