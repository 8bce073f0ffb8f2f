import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { modelFixture, reasoning } from '../testing/model.fixture.js';
import { adaptPrompt } from './adapt-prompt.js';
import { adaptSchema } from './adapt-schema.js';

const COMPATIBLE = '@ai-sdk/openai-compatible';
const plain = modelFixture('acme/x', COMPATIBLE);
const user = (text: string): LanguageModelV4Prompt[number] => ({ role: 'user', content: [{ type: 'text', text }] });
const call = (toolCallId: string): LanguageModelV4Prompt => [
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName: 't', input: {} }] },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId, toolName: 't', output: { type: 'text', value: 'ok' } }],
  },
];
const idsOf = (prompt: LanguageModelV4Prompt) =>
  [...JSON.stringify(prompt).matchAll(/"toolCallId":"([^"]*)"/g)].map(([, id]) => id);
const file = (mediaType: string, data = 'AAAA', filename?: string): LanguageModelV4Prompt => [
  {
    role: 'user',
    content: [{ type: 'file', mediaType, data: { type: 'data', data }, ...(filename ? { filename } : {}) }],
  },
];

describe('adaptPrompt', () => {
  it('leaves an ordinary conversation alone, and the given one always', () => {
    const prompt = [user('hi'), ...call('a'), ...file('text/plain')];
    expect(adaptPrompt(prompt, plain)).toEqual(prompt);
    const frozen = JSON.stringify(prompt);
    adaptPrompt(prompt, modelFixture('anthropic/claude-x', '@ai-sdk/anthropic'));
    expect(JSON.stringify(prompt)).toBe(frozen);
  });

  it.each([
    ['image/png', 'AAAA', 'a.png', /"a\.png".*image input/],
    ['application/pdf', 'AAAA', undefined, /a PDF.*pdf input/],
    ['audio/wav', 'AAAA', undefined, /audio input/],
    ['video/mp4', 'AAAA', 'a.mp4', /"a\.mp4".*video input/],
  ])('replaces %s, which the model cannot take', (mime, data, name, text) => {
    expect(adaptPrompt(file(mime, data, name), plain)).toEqual([
      { role: 'user', content: [{ type: 'text', text: expect.stringMatching(text) }] },
    ]);
  });

  it('keeps media the model takes, but for an empty image', () => {
    const model = modelFixture(
      'acme/x',
      COMPATIBLE,
      reasoning({ input: { text: true, audio: false, image: true, video: false, pdf: false } }),
    );
    expect(adaptPrompt(file('image/png'), model)).toEqual(file('image/png'));
    expect(JSON.stringify(adaptPrompt(file('image/png', ''), model))).toContain('empty or damaged');
  });

  it('drops empty texts and messages for Anthropic', () => {
    const prompt: LanguageModelV4Prompt = [
      user(''),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '' },
          { type: 'reasoning', text: '', providerOptions: { anthropic: { redactedData: 'x' } } },
          { type: 'text', text: 'a' },
        ],
      },
      user('go'),
    ];
    const adapted = adaptPrompt(prompt, modelFixture('acme/x', '@ai-sdk/anthropic'));
    expect(adapted.map(({ content }) => content.length)).toEqual([2, 1]);
    expect(adaptPrompt(prompt, plain)).toHaveLength(3);
  });

  it.each([
    ['anthropic/claude-x', '@ai-sdk/anthropic', 'call.1:ü', 'call_1__'],
    ['mistral/large', '@ai-sdk/mistral', 'call_1', 'call10000'],
    ['acme/devstral', COMPATIBLE, 'toolu_0123456789', 'toolu0123'],
    ['acme/x', COMPATIBLE, 'call.1', 'call.1'],
  ])('%s of %s: the call id %s becomes %s', (name, npm, id, expected) => {
    expect(idsOf(adaptPrompt(call(id), modelFixture(name, npm)))).toEqual([expected, expected]);
  });

  it('puts a word between a tool and the user for Mistral', () => {
    const roles = adaptPrompt([...call('a'), user('go')], modelFixture('mistral/x', '@ai-sdk/mistral')).map(
      ({ role }) => role,
    );
    expect(roles).toEqual(['assistant', 'tool', 'assistant', 'user']);
  });

  it('moves reasoning into the field that the model declares, and drops it where nobody declares one', () => {
    const prompt: LanguageModelV4Prompt = [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm ' },
          { type: 'reasoning', text: 'yes' },
          { type: 'text', text: 'a' },
        ],
      },
    ];
    const content = [{ type: 'text', text: 'a' }];
    const model = modelFixture('acme/x', COMPATIBLE, reasoning({ interleaved: { field: 'reasoning_content' } }));
    expect(adaptPrompt(prompt, model)).toEqual([
      { role: 'assistant', content, providerOptions: { openaiCompatible: { reasoning_content: 'hm yes' } } },
    ]);
    expect(adaptPrompt(prompt, plain)).toEqual([{ role: 'assistant', content }]);
    expect(adaptPrompt(prompt, modelFixture('openai/x', '@ai-sdk/openai'))).toEqual(prompt);
  });

  it('marks the first two system and the last two other messages for the cache', () => {
    const system = ['a', 'b', 'c'].map((content) => ({ role: 'system' as const, content }));
    const prompt: LanguageModelV4Prompt = [...system, user('1'), user('2'), user('3')];
    const marked = (name: string, npm: string) =>
      adaptPrompt(prompt, modelFixture(name, npm)).map((message) => JSON.stringify(message).includes('ephemeral'));
    expect(marked('anthropic/x', '@ai-sdk/anthropic')).toEqual([true, true, false, false, true, true]);
    for (const [name, npm] of [
      ['acme/claude-x', COMPATIBLE],
      ['acme/anthropic/x', COMPATIBLE],
      ['acme/x', '@ai-sdk/anthropic'],
    ] as const)
      expect(marked(name, npm)).toEqual([true, true, false, false, true, true]);
    expect(marked('vercel/anthropic/claude-x', '@ai-sdk/gateway')).not.toContain(true);
    expect(marked('acme/x', COMPATIBLE)).not.toContain(true);
    expect(
      JSON.stringify(adaptPrompt(prompt, modelFixture('github-copilot/claude-x', '@ai-sdk/github-copilot')).at(-1)),
    ).toContain('copilot_cache_control');
    const last = adaptPrompt(prompt, modelFixture('acme/claude-x', COMPATIBLE)).at(-1);
    expect(last).not.toHaveProperty('providerOptions');
    expect(last).toMatchObject({
      content: [{ providerOptions: { openaiCompatible: { cache_control: { type: 'ephemeral' } } } }],
    });
  });
});

describe('adaptSchema', () => {
  const schema = {
    type: 'object',
    properties: {
      size: { type: 'integer', enum: [1, 2] },
      list: { type: 'array' },
      deep: {
        type: 'array',
        items: { type: 'object', properties: { enum: { type: 'string' } }, required: ['enum', 'gone'] },
      },
      odd: { type: 'string', properties: {}, required: [] },
    },
    required: ['size', 'gone'],
  } as const;

  it('fits Gemini', () => {
    const before = JSON.stringify(schema);
    expect(adaptSchema(schema as never, modelFixture('acme/gemini-3', COMPATIBLE))).toEqual({
      type: 'object',
      properties: {
        size: { type: 'string', enum: ['1', '2'] },
        list: { type: 'array', items: { type: 'string' } },
        deep: {
          type: 'array',
          items: { type: 'object', properties: { enum: { type: 'string' } }, required: ['enum'] },
        },
        odd: { type: 'string' },
      },
      required: ['size'],
    });
    expect(JSON.stringify(schema)).toBe(before);
  });

  it('is left alone for others', () => {
    expect(adaptSchema(schema as never, plain)).toBe(schema);
  });
});
