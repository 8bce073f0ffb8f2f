import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { converse, signatureOf } from '../testing/aws.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { bareCall, callsOf, endOf, type ProviderSettings, textOf } from '../testing/wire-call.fixture.js';

const id = 'amazon-bedrock';
const models = { 'anthropic.claude-sonnet-4-5-20250929-v1:0': { reasoning: true } };
const PATH = '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream';

let server: ScriptedServer;
let settings: ProviderSettings;
beforeEach(async () => {
  server = await ScriptedServer.start();
  converse(server);
  settings = { models, options: { endpoint: server.url } };
});
afterEach(() => server[Symbol.asyncDispose]());

it('speaks ConverseStream, signed with the keys of the environment', async () => {
  const variables = {
    AWS_ACCESS_KEY_ID: 'AKIA1',
    AWS_SECRET_ACCESS_KEY: 's3cret',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'us-west-2',
  };
  const parts = await bareCall(settings, { id, variables, variant: 'high' });
  expect(textOf(parts)).toBe('Hello');
  expect(callsOf(parts)).toEqual([['read', { file: 'a' }]]);
  expect(endOf(parts)).toMatchObject({
    finishReason: { unified: 'tool-calls' },
    usage: { inputTokens: { noCache: 5, cacheRead: 3, cacheWrite: 2 }, outputTokens: { total: 7 } },
  });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: PATH, headers: { 'x-amz-security-token': 'session' } });
  expect(request!.headers.authorization).toContain('/us-west-2/bedrock/aws4_request');
  expect(request!.headers.authorization).toBe(signatureOf(request!, 'AKIA1', 's3cret'));
  expect(request!.body).toMatchObject({
    system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
    messages: [{ role: 'user', content: [{ text: 'hi' }, { cachePoint: { type: 'default' } }] }],
    inferenceConfig: { maxTokens: expect.any(Number) },
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 16_000 } },
    toolConfig: { tools: [{ toolSpec: { name: 'read' } }], toolChoice: { auto: {} } },
  });
});

it.each([
  ['a variable', { variables: { AWS_BEARER_TOKEN_BEDROCK: 'bearer', AWS_ACCESS_KEY_ID: 'AKIA1' } }],
  ['the store', { credential: { type: 'api' as const, key: 'bearer' } }],
])('sends the bearer token of %s', async (_, extra) => {
  expect(textOf(await bareCall(settings, { id, ...extra }))).toBe('Hello');
  expect(server.requests[0]).toMatchObject({ path: PATH, headers: { authorization: 'Bearer bearer' } });
});

it('speaks the protocols of OpenAI for models that are served so', async () => {
  server.events([], 'data: [DONE]\n\n');
  const openai = {
    models: {
      'openai.gpt-5': {
        reasoning: true,
        provider: { npm: '@ai-sdk/amazon-bedrock/mantle', api: `${server.url}/\${AWS_REGION}/v1` },
      },
    },
    options: { region: 'eu-west-1' },
  };
  await bareCall(openai, { id, variables: { AWS_BEARER_TOKEN_BEDROCK: 'bearer' } });
  expect(server.requests[0]).toMatchObject({
    path: '/eu-west-1/v1/chat/completions',
    headers: { authorization: 'Bearer bearer' },
    body: { model: 'openai.gpt-5', stream: true, reasoning_effort: 'medium' },
  });
});

describe('credentials of the machine', () => {
  let home: string;
  let sts: ScriptedServer;
  const before = process.env['HOME'];
  beforeEach(async () => {
    sts = await ScriptedServer.start();
    home = await mkdtemp(join(tmpdir(), 'aws-'));
    await mkdir(join(home, '.aws/sso/cache'), { recursive: true });
    // AWS's package looks there for the tokens of a single sign-on
    process.env['HOME'] = home;
  });
  afterEach(async () => {
    process.env['HOME'] = before;
    await sts[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  const ends = () => new Date(Date.now() + 3_600_000).toISOString();
  const found = { AccessKeyId: 'ASIA2', SecretAccessKey: 'found', Token: 'token' };
  const files = () => ({
    AWS_CONFIG_FILE: join(home, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const expectSigned = (accessKey: string, secret: string) =>
    expect(server.requests[0]?.headers.authorization).toBe(signatureOf(server.requests[0]!, accessKey, secret));
  const assumed = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA2</AccessKeyId><SecretAccessKey>found</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>${ends()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
    </AssumeRoleWithWebIdentityResponse>`;

  it.each([
    ['named by a variable', { AWS_PROFILE: 'work' }, {}],
    ['of the configuration, before keys of the environment', { AWS_ACCESS_KEY_ID: 'AKIA9' }, { profile: 'work' }],
  ])('are keys of a profile %s', async (_, variables, options) => {
    await writeFile(
      join(home, '.aws/credentials'),
      '[default]\naws_access_key_id = AKIA0\n\n[work]\naws_access_key_id = AKIA2\naws_secret_access_key = found\n',
    );
    const all = { ...settings, options: { ...settings.options, ...options } };
    await bareCall(all, { id, variables: { ...files(), ...variables } });
    expectSigned('AKIA2', 'found');
  });

  it('are those of a role, taken with a web identity', async () => {
    await writeFile(join(home, 'token'), 'identity');
    sts.answer = (response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(assumed);
    const variables = {
      ...files(),
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
      AWS_ROLE_ARN: 'arn:aws:iam::1:role/r',
      AWS_ENDPOINT_URL_STS: sts.url,
    };
    await bareCall(settings, { id, variables });
    expect(sts.requests[0]?.body).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: 'arn:aws:iam::1:role/r',
      WebIdentityToken: 'identity',
    });
    expectSigned('ASIA2', 'found');
    expect(server.requests[0]?.headers['x-amz-security-token']).toBe('token');
  });

  it('are those of the container', async () => {
    sts.json({ ...found, Expiration: ends() });
    const variables = {
      ...files(),
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${sts.url}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'pass',
    };
    await bareCall(settings, { id, variables });
    expect(sts.requests).toMatchObject([{ path: '/credentials', headers: { authorization: 'pass' } }]);
    expectSigned('ASIA2', 'found');
  });

  it('are those of a single sign-on', async () => {
    await writeFile(
      join(home, '.aws/config'),
      '[profile work]\nsso_session = acme\nsso_account_id = 1\nsso_role_name = dev\n\n' +
        '[sso-session acme]\nsso_region = eu-west-1\nsso_start_url = https://acme.test/start\n',
    );
    const cache = createHash('sha1').update('acme').digest('hex');
    await writeFile(
      join(home, `.aws/sso/cache/${cache}.json`),
      JSON.stringify({ accessToken: 'sign-on', expiresAt: ends() }),
    );
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = found;
    sts.json({ roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: Date.now() + 3_600_000 } });
    await bareCall(settings, { id, variables: { ...files(), AWS_PROFILE: 'work', AWS_ENDPOINT_URL: sts.url } });
    expect(sts.requests[0]).toMatchObject({
      path: '/federation/credentials?account_id=1&role_name=dev',
      headers: { 'x-amz-sso_bearer_token': 'sign-on' },
    });
    expectSigned('ASIA2', 'found');
  });

  it('that are nowhere fail a call with a text that says where they were looked for', async () => {
    const failed = bareCall(settings, { id, variables: { ...files(), AWS_PROFILE: 'gone' } });
    await expect(failed).rejects.toThrow(/AWS credential provider failed.*gone/);
    expect(server.requests).toEqual([]);
  });
});
