import type { Clock, LoginFlow, LoginResult } from '#libs/extension';
import { oauthRequest, refusal, type Tokens, tokensOf } from './oauth-request.js';

/** Milliseconds added to the pace that the server asks for. */
export const POLL_MARGIN = 3_000;

export interface DeviceLoginOptions {
  /** Where a code is given out. */
  codeUrl: string;
  /** Where tokens are given out. */
  tokenUrl: string;
  client: string;
  scope: string;
  clock: Clock;
  signal: AbortSignal;
  /** What the tokens are stored as. */
  result: (tokens: Tokens) => LoginResult;
}

/** A login with a code that the person enters on any machine (RFC 8628). Rejects when no code is given out. */
export async function deviceLogin(options: DeviceLoginOptions): Promise<LoginFlow> {
  const { codeUrl: url, client, scope, signal } = options;
  const begun = await oauthRequest({ url, form: { client_id: client, scope }, signal });
  const { device_code: device, user_code: code, verification_uri: page, interval } = begun.body;
  if (!begun.ok || typeof device !== 'string' || typeof code !== 'string' || typeof page !== 'string')
    throw new Error(refusal(begun));
  const pace = (Number(interval) || 5) * 1000 + POLL_MARGIN;
  const finish = () => poll(options, device, pace);
  return { url: page, instructions: `Enter code: ${code}`, method: 'auto', finish };
}

/** Asks until the code has been entered, at the pace that the server wants. */
async function poll(options: DeviceLoginOptions, device: string, firstPace: number): Promise<LoginResult> {
  const { tokenUrl: url, client, clock, signal, result } = options;
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const form = { client_id: client, device_code: device, grant_type: grant };
  for (let pace = firstPace; ;) {
    const answer = await oauthRequest({ url, form, signal });
    const tokens = tokensOf(answer, clock.now());
    if (tokens) return result(tokens);
    const { error, interval } = answer.body;
    if (error === 'slow_down') pace = (Number(interval) || pace / 1000 + 5) * 1000 + POLL_MARGIN;
    else if (error !== 'authorization_pending') throw new Error(refusal(answer));
    await clock.sleep(pace, signal);
  }
}
