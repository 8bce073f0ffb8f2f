import type { Auth, Model, Provider, ProviderConfig } from '#libs/contract';
import { mergeOptions, type Options } from '../request/merge-options.js';

/** What is known when a provider with ways of its own is connected. */
export interface SpecialInput {
  variables: Readonly<Record<string, string | undefined>>;
  /** What the credential store has for the provider. */
  credential: Auth | undefined;
  /** Whether the environment or the store connected it. */
  connected: boolean;
  /** The `provider.<id>` block of the configuration. */
  settings: ProviderConfig | undefined;
  /** Whether the configuration names the provider anywhere: a block, the default model, the list of enabled ones. */
  named: boolean;
}

/** What such a provider gets besides the ordinary. */
export interface SpecialEffect {
  /** Connect it even when nothing else does. */
  autoload?: boolean;
  key?: string;
  options?: Options;
  /** Changes a model; undefined takes it away. */
  model?: (model: Model) => Model | undefined;
}

type Special = (input: SpecialInput) => SpecialEffect;

/** Sent to Anthropic when a key connects it: thinking between tool calls, tool input as it is written. */
const ANTHROPIC_BETA = 'claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14';
const COMPATIBLE = '@ai-sdk/openai-compatible';
const VERTEX_COMPATIBLE = '@ai-sdk/google-vertex/maas';
/** What stands for a key where free models need none. */
const NO_KEY = 'public';

const headers = (names: Readonly<Record<string, string>>): Options => ({ headers: { ...names } });
/** By which gateways tell applications apart. */
const REFERER = headers({ 'http-referer': 'https://opencode.ai/', 'x-title': 'opencode' });

/** The ways of single providers, by id. */
const SPECIALS: Readonly<Record<string, Special>> = {
  anthropic: ({ connected }) => (connected ? { options: headers({ 'anthropic-beta': ANTHROPIC_BETA }) } : {}),
  opencode,
  'amazon-bedrock': bedrock,
  azure: ({ variables }) => ({ options: defined({ resourceName: variables['AZURE_RESOURCE_NAME'] }) }),
  'azure-cognitive-services': ({ variables }) => ({
    options: defined({ resourceName: variables['AZURE_COGNITIVE_SERVICES_RESOURCE_NAME'] }),
  }),
  'google-vertex': (input) => vertex(input, 'us-central1'),
  'google-vertex-anthropic': (input) => vertex(input, 'global'),
  openrouter: () => ({ options: REFERER }),
  vercel: () => ({ options: REFERER }),
  zenmux: () => ({ options: REFERER }),
  cerebras: () => ({ options: headers({ 'x-cerebras-3rd-party-integration': 'opencode' }) }),
  gitlab: ({ variables, credential }) => ({
    options: defined({
      // a login is for the instance where it was made
      instanceUrl:
        (credential?.type === 'oauth' && credential.enterpriseUrl) ||
        variables['GITLAB_INSTANCE_URL'] ||
        'https://gitlab.com',
      aiGatewayUrl: variables['GITLAB_AI_GATEWAY_URL'],
    }),
  }),
  'sap-ai-core': ({ variables }) => ({
    options: defined({
      deploymentId: variables['AICORE_DEPLOYMENT_ID'],
      resourceGroup: variables['AICORE_RESOURCE_GROUP'],
    }),
  }),
  'cloudflare-workers-ai': ({ variables, credential }) => ({
    ...keyOf(variables['CLOUDFLARE_API_KEY'], credential),
    options: defined({ accountId: variables['CLOUDFLARE_ACCOUNT_ID'] }),
  }),
  'cloudflare-ai-gateway': cloudflareGateway,
};

export function specialOf(id: string, input: SpecialInput): SpecialEffect {
  return Object.hasOwn(SPECIALS, id) ? (SPECIALS[id]?.(input) ?? {}) : {};
}

export const SPECIAL_IDS: readonly string[] = Object.keys(SPECIALS);

/** Without a key only what costs nothing; and nothing at all before somebody names it: prompts leave the machine. */
function opencode({ connected, named, settings }: SpecialInput): SpecialEffect {
  if (connected || settings?.options?.['apiKey'] !== undefined || !named) return {};
  return {
    autoload: true,
    options: { apiKey: NO_KEY },
    model: (model) => (model.cost.input === 0 ? model : undefined),
  };
}

function bedrock({ variables, credential, settings }: SpecialInput): SpecialEffect {
  const token = credential?.type === 'api' ? credential.key : variables['AWS_BEARER_TOKEN_BEDROCK'];
  const signs = [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  if (!token && !settings && !signs.some((name) => variables[name])) return {};
  const { region, endpoint, profile } = settings?.options ?? {};
  const accessKeyId = token || profile ? undefined : variables['AWS_ACCESS_KEY_ID'];
  const keys = {
    accessKeyId,
    secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'],
    sessionToken: variables['AWS_SESSION_TOKEN'],
  };
  return {
    autoload: true,
    options: defined({
      region: region ?? (variables['AWS_REGION'] || 'us-east-1'),
      baseURL: endpoint,
      apiKey: token,
      ...(accessKeyId ? keys : { profile: token ? undefined : variables['AWS_PROFILE'] }),
    }),
  };
}

function vertex({ variables, settings }: SpecialInput, place: string): SpecialEffect {
  const first = (...names: string[]) => names.map((name) => variables[name]).find(Boolean);
  const project =
    settings?.options?.['project'] ??
    first('GOOGLE_CLOUD_PROJECT', 'GCP_PROJECT', 'GCLOUD_PROJECT', 'GOOGLE_VERTEX_PROJECT');
  if (!project) return {};
  const location = first('GOOGLE_CLOUD_LOCATION', 'VERTEX_LOCATION', 'GOOGLE_VERTEX_LOCATION') ?? place;
  return {
    autoload: true,
    // Google's package would search the machine for the project, which takes seconds
    options: { project, location, googleAuthOptions: { projectId: project } },
    // open models speak chat completions there, with the credentials of Google like the others
    model: (model) => (model.api.npm === COMPATIBLE ? withApi(model, { npm: VERTEX_COMPATIBLE, url: '' }) : model),
  };
}

/** Its unified endpoint speaks chat completions for the models of all vendors. */
function cloudflareGateway({ variables, credential, settings }: SpecialInput): SpecialEffect {
  const { accountId = variables['CLOUDFLARE_ACCOUNT_ID'], gatewayId = variables['CLOUDFLARE_GATEWAY_ID'] } =
    (settings?.options ?? {}) as Partial<Record<string, string>>;
  const { key } = keyOf(variables['CLOUDFLARE_API_TOKEN'], credential);
  if (!accountId || !gatewayId) return {};
  return {
    autoload: key !== undefined,
    options: {
      baseURL: `https://gateway.ai.cloudflare.com/v1/${accountId}/${gatewayId}/compat`,
      // the place of the key is for that of a vendor, which the configuration may give
      apiKey: '',
      ...(key === undefined ? {} : headers({ 'cf-aig-authorization': `Bearer ${key}` })),
    },
    model: (model) => withApi(model, { npm: COMPATIBLE, url: '' }),
  };
}

function withApi(model: Model, api: Partial<Model['api']>): Model {
  return { ...model, api: { ...model.api, ...api } };
}

function keyOf(variable: string | undefined, credential: Auth | undefined): { key?: string } {
  const key = credential?.type === 'api' ? credential.key : variable;
  return key ? { key } : {};
}

function defined(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== ''));
}

/** What the provider becomes. */
export function withSpecial(provider: Provider, { key, options, model }: SpecialEffect): Provider {
  const models = model
    ? Object.fromEntries(
        Object.entries(provider.models).flatMap(([id, each]) => {
          const changed = model(each);
          return changed ? [[id, changed]] : [];
        }),
      )
    : provider.models;
  return {
    ...provider,
    ...(key === undefined ? {} : { key }),
    options: mergeOptions(provider.options, options),
    models,
  };
}
