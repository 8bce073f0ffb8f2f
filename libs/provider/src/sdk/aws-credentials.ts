import { join } from 'node:path';
import { type Environment, inTime } from '#libs/extension';
import { renewing } from '../renewing.js';
import type { AiSdkHost } from './ai-sdk-adapter.js';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

export type AwsCredentialSource = () => Promise<AwsCredentials>;

/** The part of AWS's own package that is used here. */
interface AwsPackage {
  fromIni: (options: object) => AwsCredentialSource;
  fromTokenFile: (options: object) => AwsCredentialSource;
  fromHttp: (options: object) => AwsCredentialSource;
  fromInstanceMetadata: (options: object) => AwsCredentialSource;
  createCredentialChain: (...sources: AwsCredentialSource[]) => AwsCredentialSource;
}

const PACKAGE = '@aws-sdk/credential-providers';
/** Milliseconds one search may take: it may ask a service, or run a program of the profile. */
const SEARCH_LIMIT = 30_000;
/** Milliseconds before their end at which credentials are asked for anew, and after which those without an end are. */
const MARGIN = 5 * 60_000;

/**
 * Credentials from where AWS's own tools have them: a profile (keys, roles, single sign-on, a program), a web identity,
 * the container, the default profile, the machine. They are renewed in time.
 */
export async function awsCredentials(
  { load, environment }: AiSdkHost,
  options: { profile?: string; region?: string },
): Promise<AwsCredentialSource> {
  const aws = (await load(PACKAGE)) as unknown as AwsPackage;
  const search = aws.createCredentialChain(...sources(aws, environment, options));
  const end = ({ expiration }: AwsCredentials) => expiration?.getTime() ?? Date.now() + 2 * MARGIN;
  return renewing(() => inTime(search(), { milliseconds: SEARCH_LIMIT }), end, MARGIN);
}

function sources(
  aws: AwsPackage,
  { variables, paths }: Environment,
  { profile, region }: { profile?: string; region?: string },
): AwsCredentialSource[] {
  const client = (endpoint = variables['AWS_ENDPOINT_URL']) => ({ region, ...(endpoint && { endpoint }) });
  const ini = (name: string) =>
    aws.fromIni({
      profile: name,
      filepath: variables['AWS_SHARED_CREDENTIALS_FILE'] || join(paths.home, '.aws/credentials'),
      configFilepath: variables['AWS_CONFIG_FILE'] || join(paths.home, '.aws/config'),
      // other tools write new keys into these files while the server runs
      ignoreCache: true,
      clientConfig: client(),
    });
  if (profile) return [ini(profile)];
  const found: AwsCredentialSource[] = [];
  const webIdentityTokenFile = variables['AWS_WEB_IDENTITY_TOKEN_FILE'];
  const roleArn = variables['AWS_ROLE_ARN'];
  const roleSessionName = variables['AWS_ROLE_SESSION_NAME'];
  if (webIdentityTokenFile && roleArn) {
    const clientConfig = client(variables['AWS_ENDPOINT_URL_STS']);
    found.push(aws.fromTokenFile({ webIdentityTokenFile, roleArn, roleSessionName, clientConfig }));
  }
  const relative = variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (relative || full)
    found.push(
      aws.fromHttp({
        ...(relative ? { awsContainerCredentialsRelativeUri: relative } : { awsContainerCredentialsFullUri: full }),
        awsContainerAuthorizationToken: variables['AWS_CONTAINER_AUTHORIZATION_TOKEN'],
        awsContainerAuthorizationTokenFile: variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
      }),
    );
  found.push(ini('default'));
  if (variables['AWS_EC2_METADATA_DISABLED']?.toLowerCase() !== 'true')
    found.push(aws.fromInstanceMetadata({ timeout: 1_000, maxRetries: 0 }));
  return found;
}
