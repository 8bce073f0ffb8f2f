import { BadRequestError, WireError } from '#libs/contract';

/** The names and data that clients of the reference know, with a message and a fitting status. */
function loginError(
  name: string,
  status: number,
  data: Record<string, unknown>,
  message: string,
  cause?: unknown,
): WireError {
  return new WireError(name, status, { ...data, message }, cause === undefined ? undefined : { cause });
}

/** `callback` without `authorize` before it. */
export const loginMissing = (providerID: string): WireError =>
  loginError(
    'ProviderAuthOauthMissing',
    409,
    { providerID },
    `No login to ${providerID} has begun here. Begin with POST /provider/${providerID}/oauth/authorize.`,
  );

/** The person has to bring a code, and none came. */
export const loginCodeMissing = (providerID: string): WireError =>
  loginError(
    'ProviderAuthOauthCodeMissing',
    409,
    { providerID },
    `The login to ${providerID} needs the code that its web page shows.`,
  );

/** The login ended without a credential. */
export const loginFailed = (providerID: string, reason: string, cause?: unknown): WireError =>
  loginError('ProviderAuthOauthCallbackFailed', 502, {}, `The login to ${providerID} failed: ${reason}`, cause);

/** `authorize` with the number of a way that the provider does not have. */
export function noSuchLogin(providerID: string, method: number, labels: readonly string[]): WireError {
  const known = labels.map((label, position) => `${position} (${label})`).join(', ');
  const message =
    labels.length > 0
      ? `Provider ${providerID} has no login method ${method}. It has: ${known}.`
      : `There is no login for provider ${providerID}. Store its key with PUT /auth/${providerID}.`;
  return new BadRequestError({ method }, [{ code: 'custom', path: ['method'], message }]);
}
