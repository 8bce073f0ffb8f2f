import { isPlain } from '../../request/merge-options.js';

/** Milliseconds one request of a login may take. */
const REQUEST_LIMIT = 30_000;

export interface OAuthRequest {
  url: string;
  /** Sent as a form. */
  form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export interface OAuthAnswer {
  ok: boolean;
  status: number;
  /** Empty when the answer is no JSON object. */
  body: Readonly<Record<string, unknown>>;
}

/** Tokens as a token endpoint gives them out. */
export interface Tokens {
  access: string;
  refresh: string;
  /** Milliseconds since the epoch. */
  expires: number;
  idToken?: string;
}

/** Posts to an OAuth endpoint. Rejects when there is no answer. */
export async function oauthRequest({ url, form, json, headers, signal }: OAuthRequest): Promise<OAuthAnswer> {
  const limit = AbortSignal.timeout(REQUEST_LIMIT);
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      accept: 'application/json',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: json ? JSON.stringify(json) : new URLSearchParams(form).toString(),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  const body: unknown = await response.json().catch(() => undefined);
  return { ok: response.ok, status: response.status, body: isPlain(body) ? body : {} };
}

/** Asks a token endpoint. Rejects with its reason when it refuses. */
export async function requestTokens(request: OAuthRequest, now: number): Promise<Tokens> {
  const answer = await oauthRequest(request);
  const tokens = tokensOf(answer, now);
  if (!answer.ok || !tokens) throw new Error(refusal(answer));
  return { ...tokens, refresh: tokens.refresh || (request.form?.['refresh_token'] ?? '') };
}

/** What a token endpoint has given out; undefined when it has not. */
export function tokensOf({ body }: OAuthAnswer, now: number): Tokens | undefined {
  const { access_token: access, refresh_token: refresh, expires_in: seconds, id_token: idToken } = body;
  if (typeof access !== 'string') return undefined;
  return {
    access,
    refresh: typeof refresh === 'string' ? refresh : '',
    expires: now + (typeof seconds === 'number' ? seconds : 3600) * 1000,
    ...(typeof idToken === 'string' ? { idToken } : {}),
  };
}

/** Why an endpoint refused, in its own words where it has some. */
export function refusal({ status, body }: OAuthAnswer): string {
  const { error, error_description: description } = body;
  const nested = isPlain(error) ? error['message'] : error;
  const words = [description, nested].find((text) => typeof text === 'string');
  return typeof words === 'string' ? words : `the server answered with status ${status}`;
}
