import type { AiSdkAdapter, AiSdkHost, AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';
import { awsCredentials } from './aws-credentials.js';
import { packageFactory } from './package-factory.js';

/** Amazon Bedrock: a bearer token, keys, or whatever AWS's own tools would use on this machine. */
export function bedrock(npm: string): AiSdkAdapter {
  return { npm, loads: true, create: (options, host) => createBedrock(npm, options, host) };
}

async function createBedrock(npm: string, options: AiSdkOptions, host: AiSdkHost): Promise<LanguageModelFactory> {
  const { apiKey, accessKeyId, secretAccessKey, profile, region } = options;
  const given = apiKey || (accessKeyId && secretAccessKey);
  const place = { ...(isText(profile) && { profile }), ...(isText(region) && { region }) };
  // each may have to be installed
  const [module, credentialProvider] = await Promise.all([
    host.load(npm),
    given ? undefined : awsCredentials(host, place),
  ]);
  return packageFactory(module, npm, {
    ...options,
    // the package would look for a token in the environment of the process
    apiKey: apiKey ?? '',
    ...(credentialProvider && { credentialProvider }),
  });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
