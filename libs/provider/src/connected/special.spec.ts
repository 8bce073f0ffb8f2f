import type { Auth, Config } from '#libs/contract';
import { connect } from './connect.js';

const catalogue = Object.fromEntries(
  [
    ...['anthropic', 'opencode', 'amazon-bedrock', 'azure', 'azure-cognitive-services', 'google-vertex'],
    ...['google-vertex-anthropic', 'openrouter', 'vercel', 'zenmux', 'cerebras', 'gitlab', 'sap-ai-core'],
    ...['cloudflare-workers-ai', 'cloudflare-ai-gateway', 'openai'],
  ].map((id) => [
    id,
    {
      id,
      name: id,
      env: [`${id.toUpperCase().replaceAll('-', '_')}_KEY`],
      npm: 'some-package',
      models: { free: { id: 'free' }, paid: { id: 'paid', cost: { input: 1, output: 1 } } },
    },
  ]),
);
const key = (value: string): Auth => ({ type: 'api', key: value });

function run(
  id: string,
  variables: Record<string, string>,
  { config = {}, credential }: { config?: Config; credential?: Auth } = {},
) {
  const credentials = new Map(credential ? [[id, credential]] : []);
  return connect({ catalogue, config, variables, credentials, declared: [] }).get(id);
}

describe('ways of single providers', () => {
  it.each<[string, Record<string, string>, object]>([
    ['anthropic', { ANTHROPIC_KEY: 'k' }, { options: { headers: { 'anthropic-beta': expect.any(String) } } }],
    [
      'openrouter',
      { OPENROUTER_KEY: 'k' },
      { options: { headers: { 'http-referer': expect.any(String), 'x-title': 'opencode' } } },
    ],
    ['vercel', { VERCEL_KEY: 'k' }, { options: { headers: { 'x-title': 'opencode' } } }],
    ['zenmux', { ZENMUX_KEY: 'k' }, { options: { headers: { 'x-title': 'opencode' } } }],
    ['cerebras', { CEREBRAS_KEY: 'k' }, { options: { headers: { 'x-cerebras-3rd-party-integration': 'opencode' } } }],
    ['azure', { AZURE_KEY: 'k', AZURE_RESOURCE_NAME: 'res' }, { options: { resourceName: 'res' } }],
    [
      'azure-cognitive-services',
      { AZURE_COGNITIVE_SERVICES_KEY: 'k', AZURE_COGNITIVE_SERVICES_RESOURCE_NAME: 'res' },
      { options: { resourceName: 'res' } },
    ],
    ['amazon-bedrock', { AWS_PROFILE: 'me' }, { source: 'custom', options: { region: 'us-east-1', profile: 'me' } }],
    [
      'amazon-bedrock',
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1' },
      { options: { region: 'eu-west-1', accessKeyId: 'a', secretAccessKey: 's' } },
    ],
    ['amazon-bedrock', { AWS_BEARER_TOKEN_BEDROCK: 't' }, { options: { apiKey: 't' } }],
    ['amazon-bedrock', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/c' }, { options: { region: 'us-east-1' } }],
    ['amazon-bedrock', { AWS_WEB_IDENTITY_TOKEN_FILE: '/f' }, { options: { region: 'us-east-1' } }],
    [
      'google-vertex',
      { GCP_PROJECT: 'p' },
      { options: { project: 'p', location: 'us-central1', googleAuthOptions: { projectId: 'p' } } },
    ],
    [
      'google-vertex-anthropic',
      { GOOGLE_CLOUD_PROJECT: 'p', VERTEX_LOCATION: 'eu' },
      { options: { project: 'p', location: 'eu' } },
    ],
    ['google-vertex-anthropic', { GCLOUD_PROJECT: 'p' }, { options: { location: 'global' } }],
    ['gitlab', { GITLAB_KEY: 'k' }, { key: 'k', options: { instanceUrl: 'https://gitlab.com' } }],
    ['sap-ai-core', { SAP_AI_CORE_KEY: 'k', AICORE_DEPLOYMENT_ID: 'd' }, { options: { deploymentId: 'd' } }],
    [
      'cloudflare-workers-ai',
      { CLOUDFLARE_WORKERS_AI_KEY: 'x', CLOUDFLARE_ACCOUNT_ID: 'acc', CLOUDFLARE_API_KEY: 'k' },
      { key: 'k', options: { accountId: 'acc' } },
    ],
    [
      'cloudflare-ai-gateway',
      { CLOUDFLARE_ACCOUNT_ID: 'acc', CLOUDFLARE_GATEWAY_ID: 'gw', CLOUDFLARE_API_TOKEN: 't' },
      {
        options: {
          baseURL: 'https://gateway.ai.cloudflare.com/v1/acc/gw/compat',
          headers: { 'cf-aig-authorization': 'Bearer t' },
        },
        models: { paid: { api: { npm: '@ai-sdk/openai-compatible' } } },
      },
    ],
  ])('%s with %j', (id, variables, expected) => {
    expect(run(id, variables)).toMatchObject(expected);
  });

  it.each(['amazon-bedrock', 'google-vertex', 'cloudflare-ai-gateway', 'opencode', 'anthropic'])(
    '%s is not there with nothing',
    (id) => {
      expect(run(id, {})).toBeUndefined();
    },
  );

  it('a stored key counts as one from the environment, and wins', () => {
    expect(run('anthropic', { ANTHROPIC_KEY: 'env' }, { credential: key('stored') })).toMatchObject({
      source: 'api',
      key: 'stored',
      options: { headers: { 'anthropic-beta': expect.any(String) } },
    });
    expect(run('amazon-bedrock', {}, { credential: key('t') })).toMatchObject({ options: { apiKey: 't' } });
    expect(run('openai', {}, { credential: { type: 'wellknown', key: 'A', token: 't' } })).toBeUndefined();
  });

  it('a provider that is only configured gets no headers of a connected one', () => {
    expect(run('anthropic', {}, { config: { provider: { anthropic: {} } } })?.options).toEqual({});
  });

  it.each<[string, Config]>([
    ['a block', { provider: { opencode: {} } }],
    ['the default model', { model: 'opencode/free' }],
    ['the small model', { small_model: 'opencode/free' }],
    ['the list of enabled ones', { enabled_providers: ['opencode'] }],
  ])('opencode without a key has its free models, once it is named by %s', (_, config) => {
    const provider = run('opencode', {}, { config });
    expect(provider?.options).toEqual({ apiKey: 'public' });
    expect(Object.keys(provider?.models ?? {})).toEqual(['free']);
  });

  it('opencode with a key has all', () => {
    const provider = run('opencode', { OPENCODE_KEY: 'k' });
    expect(provider).toMatchObject({ key: 'k', options: {} });
    expect(Object.keys(provider?.models ?? {})).toEqual(['free', 'paid']);
  });
});
