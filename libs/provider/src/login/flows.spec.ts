import { createHash } from 'node:crypto';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { SystemClock } from '#libs/extension';
import { Instance } from '#libs/instance';
import { startProviders } from '../testing/provider.fixture.js';
import { chatTurn, DONE } from '../testing/protocol-turns.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { bareCall, callsOf, textOf } from '../testing/wire-call.fixture.js';

/** Waits take no time, and are remembered. */
class QuickClock extends SystemClock {
  readonly slept: number[] = [];
  override sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(milliseconds);
    return Promise.resolve();
  }
}

type World = Awaited<ReturnType<typeof startProviders>>;
type Body = Record<string, unknown>;
let server: ScriptedServer;
let clock: QuickClock;
let world: World;
/** Answers by path; several for one path are given one after the other. */
let script: Record<string, [status: number, body: Body][]>;

beforeEach(async () => {
  [server, clock, script] = [await ScriptedServer.start(), new QuickClock(), {}];
  server.answer = (response, { path }) => {
    const answers = script[path] ?? [];
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [
      500,
      { error: `nothing for ${path}` },
    ];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  world = await startProviders({
    clock,
    variables: {
      OPENCODE_GITHUB_URL: server.url,
      OPENCODE_COPILOT_URL: server.url,
      OPENCODE_OPENAI_AUTH_URL: server.url,
      // one that no system gives to who asks for any
      OPENCODE_OPENAI_AUTH_PORT: String(10_000 + Math.floor(Math.random() * 20_000)),
      OPENCODE_CHATGPT_URL: `${server.url}/codex`,
      GITLAB_INSTANCE_URL: server.url,
      GITLAB_OAUTH_CLIENT_ID: 'app',
    },
  });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const authorize = (id: string, index: number) => world.logins.authorize(world.instance, id, index);
const callback = (id: string) => world.logins.callback(world.instance, id);
const requests = (path: string) => server.requests.filter((request) => request.path === path);
const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

/** One call of a model, whose answer does not matter. */
async function call(
  providerID: string,
  id: string,
  prompt?: LanguageModelV4CallOptions['prompt'],
  instance = world.instance,
): Promise<void> {
  const model = await world.providers.model(instance, { providerID, modelID: id });
  const language = await world.providers.languageModel(instance, model);
  const settings = await world.providers.callSettings(instance, model, { sessionID: 'ses_1' });
  const text: LanguageModelV4CallOptions['prompt'] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ];
  await Promise.allSettled([language.doStream({ prompt: prompt ?? text, ...settings })]);
}

it('are offered', async () => {
  expect(await world.logins.methods(world.instance)).toEqual({
    openai: [
      { type: 'oauth', label: 'ChatGPT Pro/Plus (browser)' },
      { type: 'oauth', label: 'ChatGPT Pro/Plus (headless)' },
      { type: 'api', label: 'Manually enter API Key' },
    ],
    'github-copilot': [{ type: 'oauth', label: 'Login with GitHub Copilot' }],
    gitlab: [
      { type: 'oauth', label: 'GitLab OAuth' },
      { type: 'api', label: 'GitLab Personal Access Token' },
    ],
  });
});

it('to GitLab needs an application that somebody registered', async () => {
  await using other = await startProviders();
  expect((await other.logins.methods(other.instance))['gitlab']).toEqual([
    { type: 'api', label: 'GitLab Personal Access Token' },
  ]);
});

describe('GitHub Copilot', () => {
  const begin = () => {
    script['/login/device/code'] = [
      [200, { device_code: 'd', user_code: 'AB-12', verification_uri: 'https://github.test/device', interval: 1 }],
    ];
    return authorize('github-copilot', 0);
  };

  it('asks until the person has entered the code, at the pace it is told', async () => {
    expect(await begin()).toEqual({
      url: 'https://github.test/device',
      instructions: 'Enter code: AB-12',
      method: 'auto',
    });
    script['/login/oauth/access_token'] = [
      [200, { error: 'authorization_pending' }],
      [200, { error: 'slow_down', interval: 6 }],
      [200, { access_token: 'gho_1' }],
    ];
    await callback('github-copilot');
    expect(clock.slept).toEqual([4_000, 9_000]);
    expect(requests('/login/device/code')[0]?.body).toEqual({ client_id: 'Ov23li8tweQw6odWQebz', scope: 'read:user' });
    expect(requests('/login/oauth/access_token')[0]?.body).toMatchObject({
      device_code: 'd',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
    const login = { type: 'oauth', access: 'gho_1', refresh: 'gho_1', expires: 0 };
    expect(await world.credentials.find('github-copilot')).toEqual(login);
  });

  it('says why it was refused', async () => {
    await begin();
    script['/login/oauth/access_token'] = [[200, { error: 'access_denied', error_description: 'The user said no' }]];
    await expect(callback('github-copilot')).rejects.toThrow(/The user said no/);
    expect(await world.credentials.find('github-copilot')).toBeUndefined();
  });

  it('sends requests with the token, over the API of the model', async () => {
    await world.credentials.set('github-copilot', { type: 'oauth', access: 't', refresh: 't', expires: 0 });
    const provider = await world.providers.find(world.instance, 'github-copilot');
    expect(Object.values(provider?.models ?? {}).every(({ cost }) => cost.input === 0)).toBe(true);
    await call('github-copilot', 'gpt-5-mini');
    await call('github-copilot', 'gpt-5.4', [
      { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AA==' } }] },
      { role: 'assistant', content: [{ type: 'text', text: 'a' }] },
    ]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/chat/completions', '/responses']);
    const [chat, responses] = server.requests;
    expect(chat?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-initiator': 'user',
      'openai-intent': 'conversation-edits',
      'user-agent': expect.stringMatching(/^opencode\//),
    });
    expect(chat?.headers).not.toHaveProperty('copilot-vision-request');
    expect(responses?.headers).toMatchObject({ 'x-initiator': 'agent', 'copilot-vision-request': 'true' });
    // options named after Copilot reach the Responses API
    expect(responses?.body).toMatchObject({ store: false, reasoning: { effort: 'medium' } });
    expect(responses?.body).not.toHaveProperty('max_output_tokens');
  });

  it('gives models that only the configuration knows its own protocol, with cache markers and a budget', async () => {
    const claude = { 'claude-next': { reasoning: true, limit: { context: 200_000, output: 64_000 } } };
    const settings = { models: claude, options: { baseURL: server.url } };
    server.events(chatTurn(10, 4), DONE);
    const parts = await bareCall(settings, {
      id: 'github-copilot',
      variables: { OPENCODE_COPILOT_URL: server.url },
      credential: { type: 'oauth', access: 't', refresh: 't', expires: 0 },
      variant: 'thinking',
    });
    expect([textOf(parts), callsOf(parts)]).toEqual(['Hello', [['read', { file: 'a' }]]]);
    expect(requests('/chat/completions')[0]?.body).toMatchObject({
      model: 'claude-next',
      thinking_budget: 4_000,
      messages: [
        { role: 'system', copilot_cache_control: { type: 'ephemeral' } },
        { role: 'user', content: 'hi', copilot_cache_control: { type: 'ephemeral' } },
      ],
    });
    expect(requests('/chat/completions')[0]?.body).not.toHaveProperty('max_tokens');
  });

  it('of a company is reached at the company', async () => {
    const login = {
      type: 'oauth' as const,
      access: 't',
      refresh: 't',
      expires: 0,
      enterpriseUrl: 'https://git.acme.test/',
    };
    await world.credentials.set('github-copilot-enterprise', login);
    expect(await world.providers.find(world.instance, 'github-copilot-enterprise')).toMatchObject({
      source: 'custom',
      options: { baseURL: 'https://copilot-api.git.acme.test' },
    });
  });
});

describe('GitLab', () => {
  const direct = '/api/v4/ai/third_party_agents/direct_access';

  it('gives tokens for a code, which are used at the instance and renewed', async () => {
    script['/oauth/authorize_device'] = [
      [200, { device_code: 'd', user_code: 'GL-1', verification_uri: `${server.url}/oauth/device`, interval: 5 }],
    ];
    expect(await authorize('gitlab', 0)).toMatchObject({ instructions: 'Enter code: GL-1', method: 'auto' });
    script['/oauth/token'] = [
      [400, { error: 'authorization_pending' }],
      [200, { access_token: 'a', refresh_token: 'r', expires_in: 30 }],
      [200, { access_token: 'b', refresh_token: 'r2', expires_in: 7200 }],
    ];
    await callback('gitlab');
    expect(requests('/oauth/authorize_device')[0]?.body).toEqual({ client_id: 'app', scope: 'api' });
    expect(await world.credentials.find('gitlab')).toMatchObject({ access: 'a', enterpriseUrl: server.url });
    await call('gitlab', 'duo-chat-sonnet-4-5');
    expect(requests('/oauth/token').at(-1)?.body).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r',
      client_id: 'app',
    });
    expect(requests(direct)[0]?.headers).toMatchObject({ authorization: 'Bearer b' });
    expect(await world.credentials.find('gitlab')).toMatchObject({ access: 'b', refresh: 'r2' });
  });
});

describe('ChatGPT', () => {
  const tokens = (access: string) => ({ access_token: access, refresh_token: `r-${access}`, expires_in: 3600 });
  const browser = async () => new URL((await authorize('openai', 0))!.url).searchParams;

  it('comes back through the browser', async () => {
    const query = await browser();
    expect(Object.fromEntries(query)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    script['/oauth/token'] = [[200, { ...tokens('a'), id_token: jwt({ chatgpt_account_id: 'acc' }) }]];
    const waiting = callback('openai');
    // what any page of the browser may ask for
    expect((await fetch(`${new URL(String(query.get('redirect_uri'))).origin}//`)).status).toBe(404);
    const page = await fetch(`${query.get('redirect_uri')}?code=c0de&state=${query.get('state')}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Login done')]);
    await waiting;
    const [exchange] = requests('/oauth/token');
    expect(exchange?.body).toMatchObject({ grant_type: 'authorization_code', code: 'c0de' });
    const challenge = createHash('sha256').update(String(exchange?.body.code_verifier)).digest('base64url');
    expect(challenge).toBe(query.get('code_challenge'));
    expect(await world.credentials.find('openai')).toMatchObject({
      type: 'oauth',
      access: 'a',
      refresh: 'r-a',
      accountId: 'acc',
      expires: expect.any(Number),
    });
    await expect(fetch(String(query.get('redirect_uri')))).rejects.toThrow();
  });

  it.each([
    ['a foreign state', '/auth/callback?code=c&state=evil', 400, /Invalid state - potential CSRF attack/],
    ['a refusal', '/auth/callback?error=denied&error_description=<b>no</b>', 400, /<b>no<\/b>/],
    ['no code', '/auth/callback?state=$STATE', 400, /Missing authorization code/],
    ['cancelling', '/cancel', 200, /Login cancelled/],
  ])('fails with %s', async (_, path, status, reason) => {
    const query = await browser();
    const failed = callback('openai').catch((error: unknown) => error);
    const address = path.replace('$STATE', String(query.get('state')));
    const page = await fetch(new URL(address, String(query.get('redirect_uri'))));
    expect(page.status).toBe(status);
    expect(await page.text()).not.toContain('<b>');
    expect(await failed).toMatchObject({
      name: 'ProviderAuthOauthCallbackFailed',
      message: expect.stringMatching(reason),
    });
  });

  it('can be begun again while the first login waits', async () => {
    const first = await browser();
    const second = await browser();
    expect(second.get('state')).not.toBe(first.get('state'));
    expect(second.get('redirect_uri')).toBe(first.get('redirect_uri'));
  });

  it('can be entered as a code on another machine', async () => {
    script['/api/accounts/deviceauth/usercode'] = [[200, { device_auth_id: 'd', user_code: 'XY', interval: '2' }]];
    expect(await authorize('openai', 1)).toMatchObject({
      instructions: 'Enter code: XY',
      url: `${server.url}/codex/device`,
    });
    script['/api/accounts/deviceauth/token'] = [
      [403, {}],
      [200, { authorization_code: 'c', code_verifier: 'v' }],
    ];
    script['/oauth/token'] = [[200, tokens('b')]];
    await callback('openai');
    expect(clock.slept).toEqual([5_000]);
    expect(requests('/oauth/token')[0]?.body).toMatchObject({ code: 'c', code_verifier: 'v' });
    expect(await world.credentials.find('openai')).toMatchObject({ access: 'b' });
  });

  it('takes what opencode 1.2.6, which waits for nobody, has renewed meanwhile', async () => {
    const login = (access: string, expires: number) => {
      const { refresh_token: refresh } = tokens(access);
      return { type: 'oauth' as const, access, refresh, expires };
    };
    await world.credentials.set('openai', login('old', Date.now() + 1_000));
    const provider = await world.providers.find(world.instance, 'openai');
    const answer = server.answer;
    server.answer = (response, request) => {
      if (request.path !== '/oauth/token') return answer(response, request);
      void world.credentials.set('openai', login('theirs', Date.now() + 3_600_000)).then(() => {
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
      });
    };
    await call('openai', Object.keys(provider?.models ?? {})[0]!);
    expect(requests('/codex/responses')[0]?.headers).toMatchObject({ authorization: 'Bearer theirs' });
    expect(await world.credentials.find('openai')).toMatchObject({ access: 'theirs' });
  });

  it('renews its token once for all projects, before the end, and sends requests to its own backend', async () => {
    const login = {
      type: 'oauth' as const,
      access: 'old',
      refresh: 'r',
      expires: Date.now() + 1_000,
      accountId: 'acc',
    };
    await world.credentials.set('openai', login);
    const { directory, worktree, project } = world.instance;
    const other = new Instance(directory, { worktree, project });
    const [provider] = await Promise.all(
      [other, world.instance].map((instance) => world.providers.find(instance, 'openai')),
    );
    const ids = Object.keys(provider?.models ?? {});
    expect(ids.filter((id) => !/codex|^gpt-5\.\d/.test(id))).toEqual([]);
    expect(ids.length).toBeGreaterThan(0);
    script['/oauth/token'] = [[200, tokens('new')]];
    await Promise.all([world.instance, other].map((instance) => call('openai', ids[0]!, undefined, instance)));
    expect(requests('/oauth/token').map(({ body }) => body)).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'r', client_id: expect.any(String) },
    ]);
    const sent = requests('/codex/responses');
    expect(sent).toHaveLength(2);
    expect(sent[0]?.headers).toMatchObject({ authorization: 'Bearer new', 'chatgpt-account-id': 'acc' });
    expect(sent[0]?.body).toMatchObject({ instructions: 'Be brief.', store: false, input: [{ role: 'user' }] });
    expect(sent[0]?.body).not.toHaveProperty('max_output_tokens');
    expect(await world.credentials.find('openai')).toMatchObject({ access: 'new', refresh: 'r-new', accountId: 'acc' });
  });
});
