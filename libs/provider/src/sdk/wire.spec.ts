import { toMessageError } from '../answer/message-error.js';
import { chatChunk, chatTurn, DONE, geminiTurn, messagesTurn } from '../testing/protocol-turns.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { bareCall, call, callsOf, endOf, type ProviderSettings, textOf } from '../testing/wire-call.fixture.js';

describe('@ai-sdk/openai-compatible', () => {
  const provider: ProviderSettings = {
    models: { m: { reasoning: true, options: { strange: 1 } } },
    options: { headers: { 'x-a': 'b' } },
  };

  it('speaks chat completions', async () => {
    await using server = await ScriptedServer.start();
    server.events(chatTurn(10, 4, { prompt_tokens_details: { cached_tokens: 3 } }), DONE);
    const parts = await call(server, provider, { variant: 'low' });
    expect(textOf(parts)).toBe('Hello');
    expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
    expect(endOf(parts)).toMatchObject({
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: { total: 10, noCache: 7, cacheRead: 3 }, outputTokens: { total: 4 } },
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer k',
      'x-a': 'b',
      'user-agent': expect.stringMatching(/^opencode\/1\.2\.6 /),
    });
    expect(request?.body).toMatchObject({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 32_000,
      tool_choice: 'auto',
      reasoning_effort: 'low',
      strange: 1,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      tools: [{ type: 'function', function: { name: 'read' } }],
    });
  });

  it('asks for no usage where the configuration says so', async () => {
    await using server = await ScriptedServer.start();
    server.events(chatTurn(10, 4), DONE);
    await call(server, { ...provider, options: { includeUsage: false } });
    expect(server.requests[0]?.body).not.toHaveProperty('stream_options');
  });

  it.each([
    ['MINE_API_KEY', { MINE_PROJECT: 'p', MINE_API_KEY: 'k', MINE_TOKEN: 't' }, 'k'],
    ['MINE_TOKEN', { MINE_PROJECT: 'p', MINE_TOKEN: 't' }, 't'],
  ])('finds the key among several variables: %s', async (_, variables, key) => {
    await using server = await ScriptedServer.start();
    server.events(chatTurn(10, 4), DONE);
    const env = ['MINE_PROJECT', 'MINE_TOKEN', 'MINE_API_KEY'];
    await bareCall({ env, models: { m: {} }, options: { baseURL: server.url } }, { variables });
    expect(server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${key}` });
  });

  it('reports what goes wrong in words of the wire', async () => {
    await using server = await ScriptedServer.start();
    const error = async (extra: ProviderSettings['options'] = {}) =>
      toMessageError(await call(server, { ...provider, options: extra }).catch((thrown: unknown) => thrown), {
        providerID: 'acme',
      });
    server.answer = (response) =>
      void response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"message":"slow down"}}');
    expect(await error()).toMatchObject({
      name: 'APIError',
      data: { message: 'slow down', statusCode: 429, isRetryable: true, responseHeaders: { 'retry-after': '7' } },
    });
    server.answer = (response) => void response.writeHead(401).end('{"error":{"message":"bad key"}}');
    expect(await error()).toMatchObject({
      name: 'APIError',
      data: { message: 'bad key', statusCode: 401, isRetryable: false },
    });
    server.answer = (response) => void response.destroy();
    expect(await error()).toMatchObject({
      name: 'APIError',
      data: { message: 'Connection reset by server', isRetryable: true },
    });
    server.answer = () => undefined;
    expect(await error({ timeout: 30 })).toMatchObject({
      name: 'UnknownError',
      data: { message: 'TimeoutError: The operation timed out.' },
    });
    expect(await error({ baseURL: 'http://127.0.0.1:9/v1' })).toMatchObject({
      name: 'UnknownError',
      data: { message: expect.stringMatching(/^Error: Unable to connect/) },
    });
  });

  it.each([3_000_000_000, 5_000_000_000])('has time for a request: %d', async (timeout) => {
    await using server = await ScriptedServer.start();
    server.events(chatTurn(10, 4), DONE);
    expect(textOf(await call(server, { ...provider, options: { timeout } }))).toBe('Hello');
  });

  it('tells a reset in mid-stream from an end', async () => {
    await using server = await ScriptedServer.start();
    server.answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(chatChunk({ content: 'Hel' }))}\n\n`, () => response.destroy());
    };
    const failed = await call(server, provider).then(
      (parts) => parts.find((part) => part.type === 'error')?.error,
      (error: unknown) => error,
    );
    expect(toMessageError(failed, { providerID: 'acme' })).toMatchObject({
      name: 'APIError',
      data: { isRetryable: true },
    });
  });
});

describe('@ai-sdk/openai', () => {
  it('speaks the responses API and keeps nothing there', async () => {
    await using server = await ScriptedServer.start();
    const response = { id: 'r', object: 'response', created_at: 1, model: 'gpt-5', status: 'in_progress' };
    const message = { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] };
    const tool = {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'c1',
      name: 'read',
      arguments: '{"file":"a"}',
      status: 'completed',
    };
    server.events([
      { type: 'response.created', sequence_number: 0, response },
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: message },
      {
        type: 'response.output_text.delta',
        sequence_number: 2,
        item_id: 'msg_1',
        output_index: 0,
        content_index: 0,
        delta: 'Hello',
        logprobs: [],
      },
      {
        type: 'response.output_item.done',
        sequence_number: 3,
        output_index: 0,
        item: { ...message, status: 'completed', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] },
      },
      {
        type: 'response.output_item.added',
        sequence_number: 4,
        output_index: 1,
        item: { ...tool, arguments: '', status: 'in_progress' },
      },
      { type: 'response.output_item.done', sequence_number: 5, output_index: 1, item: tool },
      {
        type: 'response.completed',
        sequence_number: 6,
        response: {
          ...response,
          status: 'completed',
          output: [],
          usage: {
            input_tokens: 9,
            input_tokens_details: { cached_tokens: 2 },
            output_tokens: 5,
            output_tokens_details: { reasoning_tokens: 1 },
            total_tokens: 14,
          },
        },
      },
    ]);
    const parts = await call(
      server,
      { npm: '@ai-sdk/openai', models: { 'gpt-5': { reasoning: true } } },
      {
        id: 'openai',
        prompt: [
          { role: 'user', content: [{ type: 'text', text: 'hi' }] },
          {
            role: 'assistant',
            content: [{ type: 'text', text: 'yes', providerOptions: { openai: { itemId: 'msg_0' } } }],
          },
          { role: 'user', content: [{ type: 'text', text: 'go' }] },
        ],
      },
    );
    expect(textOf(parts)).toBe('Hello');
    expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
    expect(endOf(parts)).toMatchObject({
      usage: { inputTokens: { noCache: 7, cacheRead: 2 }, outputTokens: { total: 5, reasoning: 1 } },
    });
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/responses');
    expect(request?.headers).toMatchObject({ authorization: 'Bearer k', originator: 'opencode', session_id: 'ses_1' });
    expect(request?.body).toMatchObject({
      model: 'gpt-5',
      stream: true,
      store: false,
      prompt_cache_key: 'ses_1',
      max_output_tokens: 32_000,
      reasoning: { effort: 'medium', summary: 'auto' },
    });
    expect(JSON.stringify(request?.body.input)).not.toContain('msg_0');
  });
});

describe('@ai-sdk/anthropic', () => {
  it('speaks messages, with thinking and cache markers', async () => {
    await using server = await ScriptedServer.start();
    server.events(messagesTurn(5, 7, { cache_read_input_tokens: 3, cache_creation_input_tokens: 2 }));
    const models = { 'claude-sonnet-4-5': { reasoning: true, limit: { context: 200_000, output: 10_000 } } };
    const parts = await call(server, { npm: '@ai-sdk/anthropic', models }, { id: 'anthropic', variant: 'high' });
    expect(textOf(parts)).toBe('Hello');
    expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
    expect(endOf(parts)).toMatchObject({
      usage: { inputTokens: { noCache: 5, cacheRead: 3, cacheWrite: 2 }, outputTokens: { total: 7 } },
    });
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/messages');
    expect(request?.headers).toMatchObject({ 'x-api-key': 'k', 'anthropic-version': '2023-06-01' });
    expect(request?.headers['user-agent']).not.toContain('opencode');
    expect(request?.body).toMatchObject({
      model: 'claude-sonnet-4-5',
      stream: true,
      max_tokens: 14_999,
      thinking: { type: 'enabled', budget_tokens: 4_999 },
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] }],
    });
  });

  it('fails a call without a key in a way that says how to set it', async () => {
    await using server = await ScriptedServer.start();
    const provider: ProviderSettings = {
      npm: '@ai-sdk/anthropic',
      models: { m: {} },
      env: ['ACME_KEY'],
      options: { apiKey: '' },
    };
    const error = toMessageError(await call(server, provider).catch((thrown: unknown) => thrown), {
      providerID: 'acme',
    });
    expect(error).toMatchObject({
      name: 'ProviderAuthError',
      data: { providerID: 'acme', message: expect.stringContaining('ACME_KEY') },
    });
    expect(server.requests).toEqual([]);
  });
});

describe('@ai-sdk/google', () => {
  it('speaks generateContent', async () => {
    await using server = await ScriptedServer.start();
    server.events(geminiTurn(8, 3, { thoughtsTokenCount: 2, cachedContentTokenCount: 1 }));
    const models = { 'gemini-2.5-pro': { reasoning: true, temperature: true } };
    const parts = await call(server, { npm: '@ai-sdk/google', models }, { id: 'google' });
    expect(textOf(parts)).toBe('Hello');
    expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
    expect(endOf(parts)).toMatchObject({
      usage: { inputTokens: { noCache: 7, cacheRead: 1 }, outputTokens: { total: 5, reasoning: 2 } },
    });
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse');
    expect(request?.headers).toMatchObject({ 'x-goog-api-key': 'k' });
    expect(request?.body).toMatchObject({
      generationConfig: {
        maxOutputTokens: 32_000,
        temperature: 1,
        topP: 0.95,
        topK: 64,
        thinkingConfig: { includeThoughts: true },
      },
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    });
  });
});
