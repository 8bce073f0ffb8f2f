import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatTurn, DONE, geminiTurn, messagesTurn } from '../testing/protocol-turns.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { bareCall, callsOf, endOf, textOf, type WireCall } from '../testing/wire-call.fixture.js';

let server: ScriptedServer;
let home: string;
beforeEach(async () => {
  server = await ScriptedServer.start();
  home = await mkdtemp(join(tmpdir(), 'installed-'));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** What a whole turn of every protocol above comes to. */
function expectTurn(parts: Parameters<typeof textOf>[0], input: number, output: number): void {
  expect(textOf(parts)).toBe('Hello');
  expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
  expect(endOf(parts)).toMatchObject({ usage: { inputTokens: { total: input }, outputTokens: { total: output } } });
}

/** Answers one path with JSON, all others as before. */
function answering(path: string, value: object): void {
  const answer = server.answer;
  server.answer = (response, request) =>
    request.path === path
      ? void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      : answer(response, request);
}

describe('Google Vertex', () => {
  const before = process.env['GOOGLE_APPLICATION_CREDENTIALS'];
  beforeEach(async () => {
    // credentials of the kind that are got at a token service of their own; Google's package finds them by itself
    const file = join(home, 'google.json');
    await writeFile(join(home, 'subject'), 'identity');
    await writeFile(
      file,
      JSON.stringify({
        type: 'external_account',
        audience: '//iam.googleapis.com/pool',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${server.url}/token`,
        credential_source: { file: join(home, 'subject') },
      }),
    );
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    else process.env['GOOGLE_APPLICATION_CREDENTIALS'] = before;
  });
  const token = { access_token: 'google', expires_in: 3600, token_type: 'Bearer', issued_token_type: 'x' };
  const variables = { GOOGLE_CLOUD_PROJECT: 'p' };

  it('speaks generateContent with a token of Google', async () => {
    server.events(geminiTurn(8, 3));
    answering('/token', token);
    const settings = { models: { 'gemini-2.5-pro': { reasoning: true } }, options: { baseURL: `${server.url}/v1` } };
    expectTurn(await bareCall(settings, { id: 'google-vertex', variables, variant: 'high' }), 8, 3);
    expect(server.requests.at(-1)).toMatchObject({
      path: '/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      headers: { authorization: 'Bearer google' },
      body: {
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 16_000 } },
      },
    });
  });

  it('takes a key instead', async () => {
    server.events(geminiTurn(8, 3));
    const settings = { models: { 'gemini-2.5-pro': {} }, options: { baseURL: `${server.url}/v1` } };
    expectTurn(await bareCall(settings, { id: 'google-vertex', credential: { type: 'api', key: 'k' } }), 8, 3);
    expect(server.requests[0]?.headers).toMatchObject({ 'x-goog-api-key': 'k' });
  });

  it.each(['google-vertex', 'google-vertex-anthropic'])(
    'speaks rawPredict to models of Anthropic as %s',
    async (id) => {
      server.events(messagesTurn(5, 7));
      answering('/token', token);
      const settings = {
        models: { 'claude-sonnet-4-5@20250929': { reasoning: true } },
        options: { baseURL: server.url },
      };
      expectTurn(await bareCall(settings, { id, variables, variant: 'high' }), 5, 7);
      expect(server.requests.at(-1)).toMatchObject({
        path: '/claude-sonnet-4-5@20250929:streamRawPredict',
        headers: { authorization: 'Bearer google' },
        body: {
          anthropic_version: 'vertex-2023-10-16',
          thinking: { type: 'enabled', budget_tokens: 16_000 },
          system: [{ text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        },
      });
    },
  );

  it('speaks chat completions to open models, with a token too', async () => {
    server.events(chatTurn(10, 4), DONE);
    answering('/token', token);
    const models = { 'openai/gpt-oss-120b-maas': { reasoning: true } };
    const settings = { models, options: { baseURL: server.url } };
    expectTurn(await bareCall(settings, { id: 'google-vertex', variables, variant: 'low' }), 10, 4);
    expect(server.requests.at(-1)).toMatchObject({
      path: '/chat/completions',
      headers: { authorization: 'Bearer google' },
      body: { model: 'openai/gpt-oss-120b-maas', reasoning_effort: 'low' },
    });
  });
});

describe('OpenRouter', () => {
  const credential = { type: 'api' as const, key: 'k' };

  it('speaks chat completions with cache markers, efforts and what it cost', async () => {
    server.events(chatTurn(10, 4), DONE);
    const models = { 'anthropic/claude-sonnet-4.5': { reasoning: true } };
    const settings = { models, options: { baseURL: `${server.url}/v1` } };
    expectTurn(await bareCall(settings, { id: 'openrouter', credential, variant: 'high' }), 10, 4);
    const marked = { cache_control: { type: 'ephemeral' } };
    expect(server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: {
        authorization: 'Bearer k',
        'http-referer': 'https://opencode.ai/',
        'x-title': 'opencode',
        'user-agent': expect.stringMatching(/^opencode\//),
      },
      body: {
        model: 'anthropic/claude-sonnet-4.5',
        usage: { include: true },
        prompt_cache_key: 'ses_1',
        reasoning: { effort: 'high' },
        messages: [
          { role: 'system', content: [{ text: 'Be brief.', ...marked }] },
          { role: 'user', content: [{ text: 'hi', ...marked }] },
        ],
      },
    });
  });
});

describe('Vercel AI Gateway', () => {
  it('speaks its own protocol', async () => {
    server.events([
      { type: 'stream-start', warnings: [] },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Hello' },
      { type: 'text-end', id: '1' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'read', input: '{"file":"a"}' },
      {
        type: 'finish',
        finishReason: { unified: 'tool-calls' },
        usage: { inputTokens: { total: 6 }, outputTokens: { total: 2 } },
      },
    ]);
    const models = { 'anthropic/claude-sonnet-4.5': { reasoning: true, limit: { context: 200_000, output: 64_000 } } };
    const settings = { models, options: { baseURL: server.url } };
    const variables = { AI_GATEWAY_API_KEY: 'k' };
    expectTurn(await bareCall(settings, { id: 'vercel', variables, variant: 'high' }), 6, 2);
    expect(server.requests[0]).toMatchObject({
      path: '/language-model',
      headers: {
        authorization: 'Bearer k',
        'x-title': 'opencode',
        'ai-language-model-id': 'anthropic/claude-sonnet-4.5',
      },
      body: {
        providerOptions: {
          gateway: { caching: 'auto' },
          anthropic: { thinking: { type: 'enabled', budgetTokens: 16_000 } },
        },
      },
    });
  });
});

describe('GitLab', () => {
  it.each<[string, string, object[], string]>([
    ['duo-chat-sonnet-4-5', '/ai/v1/proxy/anthropic/v1/messages', messagesTurn(5, 7), ''],
    ['duo-chat-gpt-5-1', '/ai/v1/proxy/openai/v1/chat/completions', chatTurn(5, 7), DONE],
  ])('changes the token for one of its gateway, and speaks to %s there', async (model, path, events, end) => {
    server.events(events, end);
    answering('/api/v4/ai/third_party_agents/direct_access', { token: 'short', headers: { 'x-gitlab-realm': 'saas' } });
    const variables = { GITLAB_TOKEN: 'glpat', GITLAB_INSTANCE_URL: server.url, GITLAB_AI_GATEWAY_URL: server.url };
    expectTurn(await bareCall({ models: { [model]: {} } }, { id: 'gitlab', variables }), 5, 7);
    expect(server.requests).toMatchObject([
      { path: '/api/v4/ai/third_party_agents/direct_access', headers: { authorization: 'Bearer glpat' } },
      { path, headers: { authorization: 'Bearer short', 'x-gitlab-realm': 'saas' }, body: { stream: true } },
    ]);
  });
});

describe('SAP AI Core', () => {
  const key = () =>
    JSON.stringify({
      clientid: 'me',
      clientsecret: 's3cret',
      url: server.url,
      serviceurls: { AI_API_URL: server.url },
    });
  const model = { models: { 'gpt-4o': {} } };

  it.each(['variable', 'store'])('speaks orchestration with the service key of the %s', async (place) => {
    const answers = chatTurn(10, 4).map((final_result, index) => ({
      request_id: String(index),
      intermediate_results: {},
      final_result,
    }));
    server.events(answers, DONE);
    answering('/oauth/token', { access_token: 'sap', expires_in: 3600 });
    const extra: WireCall =
      place === 'store' ? { credential: { type: 'api', key: key() } } : { variables: { AICORE_SERVICE_KEY: key() } };
    const variables = { AICORE_DEPLOYMENT_ID: 'd1', ...extra.variables };
    expectTurn(await bareCall(model, { id: 'sap-ai-core', ...extra, variables }), 10, 4);
    expect(server.requests).toMatchObject([
      {
        path: '/oauth/token',
        headers: { authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}` },
        body: { grant_type: 'client_credentials' },
      },
      { path: '/v2/inference/deployments/d1/v2/completion', headers: { authorization: 'Bearer sap' } },
    ]);
  });

  it.each([
    ['no JSON', 'sk-1'],
    ['lacks one of', '{}'],
  ])('with a key that %s says what is wanted, and does not repeat it', async (text, wrong) => {
    const failed = bareCall(model, { id: 'sap-ai-core', credential: { type: 'api', key: wrong } });
    await expect(failed).rejects.toMatchObject({
      name: 'ProviderInitError',
      message: expect.stringMatching(new RegExp(`${text}.*AICORE_SERVICE_KEY`)),
    });
    await expect(failed).rejects.not.toThrow(/sk-1/);
  });
});

describe('Cloudflare', () => {
  it('Workers AI is reached at the address of the account', async () => {
    server.events(chatTurn(10, 4), DONE);
    const settings = { api: `${server.url}/accounts/\${CLOUDFLARE_ACCOUNT_ID}/ai/v1`, models: { '@cf/mine': {} } };
    const variables = { CLOUDFLARE_ACCOUNT_ID: 'acc', CLOUDFLARE_API_KEY: 'k' };
    expectTurn(await bareCall(settings, { id: 'cloudflare-workers-ai', variables }), 10, 4);
    expect(server.requests[0]).toMatchObject({
      path: '/accounts/acc/ai/v1/chat/completions',
      headers: { authorization: 'Bearer k' },
      body: { model: '@cf/mine' },
    });
  });

  it.each(['variable', 'store'])('the gateway gets the token of the %s in its own header', async (place) => {
    server.events(chatTurn(10, 4), DONE);
    const settings = { models: { 'openai/gpt-5': {} }, options: { baseURL: `${server.url}/compat` } };
    const extra: WireCall =
      place === 'store' ? { credential: { type: 'api', key: 't' } } : { variables: { CLOUDFLARE_API_TOKEN: 't' } };
    const variables = { CLOUDFLARE_ACCOUNT_ID: 'acc', CLOUDFLARE_GATEWAY_ID: 'gw', ...extra.variables };
    expectTurn(await bareCall(settings, { id: 'cloudflare-ai-gateway', ...extra, variables }), 10, 4);
    const [request] = server.requests;
    expect(request).toMatchObject({
      path: '/compat/chat/completions',
      headers: { 'cf-aig-authorization': 'Bearer t' },
      body: { model: 'openai/gpt-5' },
    });
    expect(request?.headers).not.toHaveProperty('authorization');
  });
});

describe('Azure', () => {
  it('serves models of Anthropic at an address of their own', async () => {
    server.events(messagesTurn(5, 7));
    const models = {
      'claude-mine': {
        provider: { npm: '@ai-sdk/anthropic', api: `${server.url}/\${AZURE_RESOURCE_NAME}/anthropic/v1` },
      },
    };
    const variables = { AZURE_RESOURCE_NAME: 'res', AZURE_API_KEY: 'k' };
    expectTurn(await bareCall({ models }, { id: 'azure', variables }), 5, 7);
    expect(server.requests[0]).toMatchObject({ path: '/res/anthropic/v1/messages', headers: { 'x-api-key': 'k' } });
  });
});
