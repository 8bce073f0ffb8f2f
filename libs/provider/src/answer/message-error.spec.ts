import { APICallError, LoadAPIKeyError } from '@ai-sdk/provider';
import { isContextOverflow } from './context-overflow.js';
import { toMessageError } from './message-error.js';

const url = 'https://api.acme.test/v1/chat';
const call = (extra: Partial<ConstructorParameters<typeof APICallError>[0]>) =>
  new APICallError({ message: 'No', url, requestBodyValues: {}, ...extra });
const map = (error: unknown, providerID = 'acme') => toMessageError(error, { providerID });
const system = (code: string) => Object.assign(new Error(`read ${code}`), { code, syscall: 'read' });

describe('toMessageError', () => {
  it.each([
    [
      'what the provider says',
      call({ message: 'No credit', statusCode: 402, responseBody: '{"error":{}}' }),
      { message: 'No credit', statusCode: 402, isRetryable: false, responseBody: '{"error":{}}', metadata: { url } },
    ],
    [
      'too many requests',
      call({ statusCode: 429, responseHeaders: { 'retry-after': '2' } }),
      { isRetryable: true, responseHeaders: { 'retry-after': '2' } },
    ],
    ['an error frame', { message: 'No credit', type: 'billing' }, { message: 'No credit', isRetryable: false }],
    ['an error frame about load', { message: 'Busy', code: 'overloaded' }, { message: 'Busy', isRetryable: true }],
    ['an error frame with a status', { message: 'Oops', code: 503 }, { message: 'Oops', isRetryable: true }],
    ['a refused key', call({ statusCode: 401 }), { statusCode: 401, isRetryable: false }],
    [
      'only the name of the status',
      call({ message: 'Forbidden', statusCode: 403, responseBody: '<html>' }),
      { message: 'Forbidden: <html>' },
    ],
    [
      'a message in the body',
      call({ message: 'Forbidden', statusCode: 403, responseBody: '{"error":{"message":"wrong plan"}}' }),
      { message: 'Forbidden: wrong plan' },
    ],
    [
      'nothing but the status',
      call({ message: '', statusCode: 503 }),
      { message: 'Service Unavailable', isRetryable: true },
    ],
    ['nothing but a body', call({ message: '', statusCode: 400, responseBody: 'bad' }), { message: 'bad' }],
    [
      'a reset connection',
      call({ message: 'Failed', cause: system('ECONNRESET') }),
      {
        message: 'Connection reset by server',
        isRetryable: true,
        metadata: { code: 'ECONNRESET', syscall: 'read', message: 'read ECONNRESET' },
      },
    ],
    [
      'a socket closed in mid-stream',
      Object.assign(new TypeError('terminated'), { cause: system('UND_ERR_SOCKET') }),
      { isRetryable: true },
    ],
    [
      'an error frame the adapter understood',
      Object.defineProperty(
        { message: 'Slow down', statusCode: 429, isRetryable: true },
        Symbol.for('vercel.ai.providerStreamError'),
        { value: true },
      ),
      { message: 'Slow down', statusCode: 429, isRetryable: true },
    ],
  ])('APIError: %s', (_, error, data) => {
    expect(map(error)).toMatchObject({ name: 'APIError', data });
  });

  it('asks an OpenAI-like provider again after 404', () => {
    expect(map(call({ statusCode: 404 }), 'openai')).toMatchObject({ data: { isRetryable: true } });
    expect(map(call({ statusCode: 404 }), 'acme')).toMatchObject({ data: { isRetryable: false } });
  });

  it.each([
    ['an abort', new DOMException('Stopped', 'AbortError'), 'MessageAbortedError', 'Stopped'],
    ['a missing key', new LoadAPIKeyError({ message: 'no key' }), 'ProviderAuthError', 'no key'],
    [
      'a full context',
      call({ message: 'Prompt is too long: 9 > 8', statusCode: 400 }),
      'ContextOverflowError',
      'Prompt is too long: 9 > 8',
    ],
    [
      'a full context in the body',
      call({ statusCode: 400, responseBody: '{"error":{"code":"context_length_exceeded"}}' }),
      'ContextOverflowError',
      'No',
    ],
    [
      'a full context in mid-stream',
      { type: 'error', error: { code: 'context_length_exceeded' } },
      'ContextOverflowError',
      '{"type":"error","error":{"code":"context_length_exceeded"}}',
    ],
    [
      'a time limit',
      new DOMException('timeout', 'TimeoutError'),
      'UnknownError',
      'TimeoutError: The operation timed out.',
    ],
    ['any error', new RangeError('far'), 'UnknownError', 'RangeError: far'],
    ['a plain stream error', 'boom', 'UnknownError', '"boom"'],
    ['an error event', { type: 'overloaded_error' }, 'UnknownError', '{"type":"overloaded_error"}'],
    ['nothing', undefined, 'UnknownError', 'undefined'],
  ])('%s', (_, error, name, message) => {
    expect(map(error)).toMatchObject({ name, data: { message } });
  });

  it('says which address does not answer', () => {
    const error = map(call({ message: 'Cannot connect', cause: system('ECONNREFUSED'), isRetryable: true }));
    expect(error).toMatchObject({ name: 'UnknownError' });
    expect(error.data).toMatchObject({
      message: expect.stringMatching(/^Error: Unable to connect\. https:\/\/api\.acme\.test .*ECONNREFUSED/),
    });
  });

  it('names the provider whose key is missing', () => {
    expect(map(new LoadAPIKeyError({ message: 'x' }))).toMatchObject({ data: { providerID: 'acme' } });
  });
});

describe('isContextOverflow', () => {
  it.each([
    'prompt is too long: 210000 tokens',
    'Input is too long for requested model.',
    'Your input exceeds the context window of this model',
    'The input token count (1) exceeds the maximum number of tokens allowed (0)',
    'maximum prompt length is 131072 but',
    'Please reduce the length of the messages',
    "This model's maximum context length is 8192 tokens",
    'exceeds the limit of 4096',
    'the request exceeds the available context size',
    'is greater than the context length',
    'context window exceeds limit',
    'exceeded model token limit',
    'context_length_exceeded',
    '413 (no body)',
    '400 status code (no body)',
  ])('%s', (text) => expect(isContextOverflow(text)).toBe(true));
  it.each(['rate limit exceeded', 'invalid api key', '500 (no body)'])('not: %s', (text) =>
    expect(isContextOverflow(text)).toBe(false),
  );
});
