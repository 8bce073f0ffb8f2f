import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { requestTokens } from '../login/oauth/oauth-request.js';
import { renewing } from '../renewing.js';
import { isPlain } from '../request/merge-options.js';
import type { AiSdkAdapter, AiSdkHost, AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';
import { asLanguageModelV4 } from './as-language-model-v4.adapter.js';
import { packageFactory } from './package-factory.js';
import { ProviderInitError } from './provider-init.error.js';

/** A service key of SAP AI Core, as its cockpit gives it out. */
interface ServiceKey {
  clientid: string;
  clientsecret: string;
  /** Address of the token service. */
  url: string;
  serviceurls: { AI_API_URL: string };
}

/** Milliseconds before its end at which a token is renewed. */
const MARGIN = 60_000;

/**
 * SAP AI Core. Its package knows no key but the one in the environment of the process; here it gets a destination with
 * the token of the key that the server has. What is bound to the process in another way (a service of Cloud Foundry, a
 * key with a certificate) is left to the package.
 */
export function sap(npm: string): AiSdkAdapter {
  return { npm, loads: true, create: (options, host) => createSap(npm, options, host) };
}

async function createSap(npm: string, options: AiSdkOptions, host: AiSdkHost): Promise<LanguageModelFactory> {
  const key = serviceKey(options);
  const { timeout, apiKey: _key, ...settings } = options;
  const module = await host.load(npm);
  if (!key) return packageFactory(module, npm, settings);
  const { clientid, clientsecret, url } = key;
  const request = {
    url: `${url.replace(/\/$/, '')}/oauth/token`,
    form: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${Buffer.from(`${clientid}:${clientsecret}`).toString('base64')}` },
  };
  const tokens = renewing(
    () => requestTokens(request, Date.now()),
    ({ expires }) => expires,
    MARGIN,
  );
  const factory = async () => {
    const headers = { authorization: `Bearer ${(await tokens()).access}` };
    return packageFactory(module, npm, {
      ...settings,
      destination: { url: key.serviceurls.AI_API_URL, authentication: 'NoAuthentication', headers },
      ...(typeof timeout === 'number' && { requestConfig: { timeout } }),
    });
  };
  // a model is bound to the token that it was made with
  return (modelID) => lateModel(options.name, modelID, async () => asLanguageModelV4((await factory())(modelID)));
}

function serviceKey({ name, apiKey }: AiSdkOptions): ServiceKey | undefined {
  if (!apiKey) return undefined;
  const wrong = (what: string) =>
    new ProviderInitError(
      name,
      `The service key of SAP AI Core ${what}. Set the variable AICORE_SERVICE_KEY, or store it with ` +
        `PUT /auth/${name}: the whole JSON text of a key.`,
    );
  let key: unknown;
  try {
    key = JSON.parse(apiKey);
  } catch {
    throw wrong('is no JSON');
  }
  if (isPlain(key) && key['certificate'] !== undefined) return undefined;
  const { clientid, clientsecret, url, serviceurls } = isPlain(key) ? (key as Partial<ServiceKey>) : {};
  if (!clientid || !clientsecret || !url || !serviceurls?.AI_API_URL)
    throw wrong('lacks one of clientid, clientsecret, url and serviceurls.AI_API_URL');
  return { clientid, clientsecret, url, serviceurls };
}

function lateModel(provider: string, modelID: string, make: () => Promise<LanguageModelV4>): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider,
    modelId: modelID,
    supportedUrls: {},
    doGenerate: async (options: LanguageModelV4CallOptions) => (await make()).doGenerate(options),
    doStream: async (options: LanguageModelV4CallOptions) => (await make()).doStream(options),
  };
}
