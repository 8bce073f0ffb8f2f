/** Turns as the protocols stream them: the text `Hello`, a call of the tool `read`, the tokens in and out. */

/** What ends a stream of chat completions. */
export const DONE = 'data: [DONE]\n\n';

/** One event of chat completions. */
export const chatChunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});

export const chatTurn = (input: number, output: number, details: object = {}): object[] => [
  chatChunk({ role: 'assistant', content: 'Hel' }),
  chatChunk({ content: 'lo' }),
  chatChunk({
    tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'read', arguments: '{"file":' } }],
  }),
  chatChunk({ tool_calls: [{ index: 0, function: { arguments: '"a"}' } }] }),
  chatChunk({}, 'tool_calls'),
  {
    ...chatChunk({}),
    choices: [],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, ...details },
  },
];

export const messagesTurn = (input: number, output: number, cached: object = {}): object[] => [
  {
    type: 'message_start',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      usage: { input_tokens: input, output_tokens: 1, ...cached },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'c1', name: 'read', input: {} } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"file":"a"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: output } },
  { type: 'message_stop' },
];

export const geminiTurn = (input: number, output: number, details: object = {}): object[] => [
  { candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] } }] },
  {
    candidates: [
      {
        content: { role: 'model', parts: [{ functionCall: { name: 'read', args: { file: 'a' } } }] },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
      ...details,
    },
  },
];
