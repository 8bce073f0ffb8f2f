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
  'azure-cognitive-services': ({ variables }) => {
    const resource = variables['AZURE_COGNITIVE_SERVICES_RESOURCE_NAME'];
    return resource ? { options: { baseURL: `https://${resource}.cognitiveservices.azure.com/openai` } } : {};
  },
  'google-vertex': (input) => vertex(input, 'us-central1'),
  'google-vertex-anthropic': (input) => vertex(input, 'global'),
  openrouter: () => ({ options: REFERER }),
  vercel: () => ({ options: REFERER }),
  zenmux: () => ({ options: REFERER }),
  cerebras: () => ({ options: headers({ 'x-cerebras-3rd-party-integration': 'opencode' }) }),
  gitlab: ({ variables }) => ({ options: { instanceUrl: variables['GITLAB_INSTANCE_URL'] || 'https://gitlab.com' } }),
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
  return {
    autoload: true,
    options: defined({
      region: settings?.options?.['region'] ?? (variables['AWS_REGION'] || 'us-east-1'),
      apiKey: token,
      ...(token
        ? {}
        : {
            accessKeyId: variables['AWS_ACCESS_KEY_ID'],
            secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'],
            sessionToken: variables['AWS_SESSION_TOKEN'],
            profile: variables['AWS_ACCESS_KEY_ID'] ? undefined : variables['AWS_PROFILE'],
          }),
    }),
  };
}

function vertex({ variables }: SpecialInput, place: string): SpecialEffect {
  const first = (...names: string[]) => names.map((name) => variables[name]).find(Boolean);
  const project = first('GOOGLE_CLOUD_PROJECT', 'GCP_PROJECT', 'GCLOUD_PROJECT', 'GOOGLE_VERTEX_PROJECT');
  if (!project) return {};
  const location = first('GOOGLE_CLOUD_LOCATION', 'VERTEX_LOCATION', 'GOOGLE_VERTEX_LOCATION') ?? place;
  return { autoload: true, options: { project, location } };
}

/** Its unified endpoint speaks chat completions for the models of all vendors. */
function cloudflareGateway({ variables, credential }: SpecialInput): SpecialEffect {
  const account = variables['CLOUDFLARE_ACCOUNT_ID'];
  const gateway = variables['CLOUDFLARE_GATEWAY_ID'];
  const { key } = keyOf(variables['CLOUDFLARE_API_TOKEN'], credential);
  if (!account || !gateway) return {};
  return {
    autoload: key !== undefined,
    options: {
      baseURL: `https://gateway.ai.cloudflare.com/v1/${account}/${gateway}/compat`,
      ...(key === undefined ? {} : headers({ 'cf-aig-authorization': `Bearer ${key}` })),
    },
    model: (model) => ({ ...model, api: { ...model.api, npm: COMPATIBLE, url: '' } }),
  };
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
