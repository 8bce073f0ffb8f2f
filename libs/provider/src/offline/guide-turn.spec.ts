import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import { decide } from './guide-turn.js';

const tools = (...names: string[]): LanguageModelV4FunctionTool[] =>
  names.map((name) => ({ type: 'function', name, inputSchema: { type: 'object' } }));
const ALL = tools('bash', 'glob', 'grep', 'read', 'write');
const user = (text: string): LanguageModelV4Prompt[number] => ({ role: 'user', content: [{ type: 'text', text }] });

/** A conversation in which the guide has already called a tool. */
function after(text: string, tool: string, input: object, output: LanguageModelV4ToolResultOutput): string {
  const prompt: LanguageModelV4Prompt = [
    { role: 'system', content: 'You are an agent.' },
    user('read old.txt'),
    user(text),
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: tool, input }] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: tool, output }] },
  ];
  const turn = decide({ prompt, tools: ALL });
  expect(turn.call).toBeUndefined();
  return turn.text;
}
const said = (value: string): LanguageModelV4ToolResultOutput => ({ type: 'text', value });
const failed = (value: string): LanguageModelV4ToolResultOutput => ({ type: 'error-text', value });

describe('the call of a turn', () => {
  it.each([
    ['list files', 'glob', { pattern: '*' }],
    ['list files in src', 'glob', { pattern: '*', path: 'src' }],
    ['read a.txt', 'read', { filePath: 'a.txt' }],
    ['search for a.b(c)', 'grep', { pattern: 'a\\.b\\(c\\)' }],
    ['search foo in src', 'grep', { pattern: 'foo', path: 'src' }],
    ['create a.txt with Hi', 'write', { filePath: 'a.txt', content: 'Hi\n' }],
  ])('%s', (text, tool, input) => {
    expect(decide({ prompt: [user(text)], tools: ALL }).call).toMatchObject({ tool, input });
  });

  it('describes a command', () => {
    const { call } = decide({ prompt: [user('run git status')], tools: ALL });
    expect(call).toMatchObject({ tool: 'bash', input: { command: 'git status', description: expect.any(String) } });
  });

  it('uses what is offered and says what is missing', () => {
    const prompt = [user('list files')];
    expect(decide({ prompt, tools: tools('read') }).call).toMatchObject({ tool: 'read', input: { filePath: '.' } });
    const turn = decide({ prompt, tools: tools('bash') });
    expect(turn.call).toBeUndefined();
    expect(turn.text).toContain('`glob` or `read`');
  });

  it('looks only at what the user typed last', () => {
    const prompt: LanguageModelV4Prompt = [
      user('read a.txt'),
      { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'read b.txt' },
          { type: 'text', text: 'read reminder.txt' },
        ],
      },
    ];
    expect(decide({ prompt, tools: ALL }).call?.input).toEqual({ filePath: 'b.txt' });
  });
});

describe('the text of a turn', () => {
  it('is honest about what it is and how to get a real model', () => {
    const help = decide({ prompt: [user('hello')], tools: ALL }).text;
    for (const part of ['not a language model', 'ANTHROPIC_API_KEY', 'opencode.json', 'Ollama'])
      expect(help).toContain(part);
    expect(decide({ prompt: [user('explain monads')], tools: ALL }).text).toContain('not a language model');
  });

  it('names a session after the words of the user', () => {
    const prompt: LanguageModelV4Prompt = [
      { role: 'system', content: 'Answer with one title for the conversation.' },
      user('Write a title:'),
      user('please **fix** the login form so that it no longer loses the password of the user'),
    ];
    expect(decide({ prompt }).text).toBe('Please fix the login form so that it no longer…');
    expect(decide({ prompt: [prompt[0]!, user('list files.')] }).text).toBe('List files');
    expect(decide({ prompt: [prompt[0]!] }).text).toBe('New conversation');
  });

  it.each([
    ['glob', {}, said('/p/a/x.ts\n/p/b/y.ts'), ['2 files in /p', '- a/x.ts', '- b/y.ts']],
    ['glob', {}, said('No files found'), ['no files']],
    [
      'glob',
      {},
      said(Array.from({ length: 100 }, (_, i) => `/p/${i}`).join('\n') + '\n\n(Results are truncated: …)'),
      ['100 or more', '… and 80 more'],
    ],
    [
      'read',
      { filePath: 'a.txt' },
      said(
        '<path>/p/a.txt</path>\n<type>file</type>\n<content>1: hello\n2: \n\n(End of file - total 2 lines)\n</content>',
      ),
      ['a.txt (2 lines)', '```\nhello\n```'],
    ],
    [
      'read',
      { filePath: '.' },
      said('<path>/p</path>\n<type>directory</type>\n<entries>\na.txt\ndeep/\n\n(2 entries)\n</entries>'),
      ['2 entries', '- deep/'],
    ],
    ['read', { filePath: 'x.png' }, said('Image read successfully'), ['Image read successfully']],
    ['grep', { pattern: 'a\\.b' }, said('Found 2 matches\n/p/a.txt:\n  Line 1: a.b'), ['"a.b" 2 times', 'Line 1: a.b']],
    ['grep', { pattern: 'zzz' }, said('No files found'), ['"zzz" nowhere']],
    ['bash', { command: 'true' }, said(''), ['printed nothing']],
    ['bash', { command: 'x' }, said('```\nhi'), ['````\n```\nhi\n````']],
    ['write', { filePath: 'n.txt' }, said('Wrote file successfully.'), ['I wrote n.txt']],
    [
      'read',
      { filePath: 'no' },
      failed('Error: File not found: /p/no\n\nDid you mean…'),
      ['failed: File not found: /p/no\n'],
    ],
    [
      'bash',
      {},
      failed('The user rejected permission to use this specific tool call.'),
      ['not allowed', 'nothing was done'],
    ],
    ['bash', {}, { type: 'execution-denied' } as const, ['not allowed']],
    ['odd', {}, { type: 'json', value: { a: 1 } } as const, ['odd answered', '{"a":1}']],
  ])('reports on %s %j', (tool, input, output, parts) => {
    const text = after('read x', tool, input, output);
    for (const part of parts) expect(text).toContain(part);
  });

  it('reports on an image that follows its tool call as a message', () => {
    const prompt: LanguageModelV4Prompt = [
      user('read x.png'),
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'read', input: { filePath: 'x.png' } }],
      },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'read', output: said('Image read successfully') }],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached:' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
        ],
      },
    ];
    expect(decide({ prompt, tools: ALL })).toEqual({ text: 'Image read successfully\n' });
  });
});
