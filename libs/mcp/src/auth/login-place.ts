import type { AuthorizationServerMetadata, OAuthProtectedResourceMetadata } from '@modelcontextprotocol/client';
import { asThrown } from '../connection/thrown.js';
import type { LoginStep } from './login-step.js';
import { assertTrusted } from './trusted-address.js';

/** Where one logs in to a server, and for what. */
export interface LoginPlace {
  /** Of the authorisation server. */
  readonly url: string;
  /** What it calls itself. */
  readonly issuer: string;
  readonly metadata?: AuthorizationServerMetadata;
  /** What the tokens are for; absent when the server does not say. */
  readonly resource?: string;
  readonly scope?: string;
}

/** What a server said when it refused a request. */
export interface Challenge {
  resourceMetadataUrl?: URL;
  scope?: string;
}

/** Asks a server, then its authorisation server. @param more scopes besides those that are usual */
export async function findLoginPlace(step: LoginStep, challenge: Challenge, more?: string): Promise<LoginPlace> {
  const { sdk, config, fetch } = step;
  const about = await aboutResource(step, challenge);
  // before there were metadata of the resource, a server was its own authorisation server
  const url = about?.authorization_servers?.[0] ?? new URL('/', config.url).href;
  assertTrusted(new URL(url), new URL(config.url));
  const metadata = await sdk.discoverAuthorizationServerMetadata(url, { fetchFn: fetch, skipIssuerValidation: true });
  if (metadata) {
    assertConsistent(url, metadata);
    const { authorization_endpoint, registration_endpoint = url } = metadata;
    for (const next of [authorization_endpoint, registration_endpoint])
      assertTrusted(new URL(next), new URL(config.url));
  }
  sdk.assertSecureTokenEndpoint(metadata?.token_endpoint ?? new URL('/token', url));
  const own = config.oauth ? config.oauth.scope : undefined;
  const usual = own ?? challenge.scope ?? about?.scopes_supported?.join(' ');
  const renewable = metadata?.scopes_supported?.includes('offline_access') ? 'offline_access' : undefined;
  const scope = sdk.computeScopeUnion(usual, more, usual === undefined ? undefined : renewable);
  return {
    url,
    issuer: metadata?.issuer ?? url,
    ...(metadata && { metadata }),
    ...(about && { resource: about.resource }),
    ...(scope !== undefined && { scope }),
  };
}

/** Undefined when the server has none: the older way. */
async function aboutResource(
  { sdk, config, fetch }: LoginStep,
  { resourceMetadataUrl }: Challenge,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  let about: OAuthProtectedResourceMetadata;
  try {
    const options = resourceMetadataUrl && { resourceMetadataUrl };
    about = await sdk.discoverOAuthProtectedResourceMetadata(config.url, options, fetch);
  } catch (error) {
    // what could not be asked, or took too long, is no answer
    if (['TypeError', 'TimeoutError', 'AbortError'].includes(asThrown(error)?.name ?? '')) throw error;
    return undefined;
  }
  const requestedResource = sdk.resourceUrlFromServerUrl(config.url);
  if (!sdk.checkResourceAllowed({ requestedResource, configuredResource: about.resource }))
    throw new Error(`The server says that it is ${about.resource}: logins are not for ${requestedResource.href}`);
  return about;
}

/**
 * Many servers show metadata of another authorisation server as their own. That is harmless as long as a code goes to
 * where a person agreed; otherwise it could be led to somebody else.
 */
function assertConsistent(
  url: string,
  { issuer, authorization_endpoint, token_endpoint }: AuthorizationServerMetadata,
) {
  if (issuer.replace(/\/$/, '') === url.replace(/\/$/, '')) return;
  if (new URL(authorization_endpoint).origin === new URL(token_endpoint).origin) return;
  throw new Error(`The login at ${url} calls itself ${issuer}, and would send what it gives elsewhere: refused`);
}
