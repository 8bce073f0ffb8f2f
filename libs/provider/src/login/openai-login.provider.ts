import { Injectable } from '@nestjs/common';
import type { OAuth } from '#libs/contract';
import {
  type LoginContext,
  type LoginEffect,
  type LoginFlow,
  type LoginRequest,
  type LoginResult,
  type ProviderLogin,
  ProviderLoginSource,
} from '#libs/extension';
import { BuiltInLogin, paidModels } from './built-in-login.js';
import { chatgptFetch } from './chatgpt-fetch.js';
import { listenForCallback } from './oauth/callback-listener.js';
import { POLL_MARGIN } from './oauth/device-login.js';
import { oauthRequest, type OAuthRequest, refusal, requestTokens, type Tokens } from './oauth/oauth-request.js';
import { createPkce, randomText } from './oauth/pkce.js';

/** The public client of the Codex command line, as its published sources name it; ChatGPT subscriptions can be used through it. */
const CLIENT = 'app_EMoamEEZ73f0CkXaXp7hrann';
const PORT = 1455;
const PATH = '/auth/callback';
/** Milliseconds for the way through the browser. */
const BROWSER_LIMIT = 5 * 60_000;

/** Login with a ChatGPT subscription: through a browser on this machine, or with a code on any. */
@Injectable()
@ProviderLoginSource({ order: -1 })
export class OpenAiLogin extends BuiltInLogin {
  logins(): ProviderLogin[] {
    return [
      {
        provider: 'openai',
        methods: [
          { type: 'oauth', label: 'ChatGPT Pro/Plus (browser)', authorize: (request) => this.browser(request) },
          { type: 'oauth', label: 'ChatGPT Pro/Plus (headless)', authorize: (request) => this.device(request) },
          { type: 'api', label: 'Manually enter API Key' },
        ],
        load: (context) => this.load(context),
      },
    ];
  }

  private get issuer(): string {
    return this.setting('OPENCODE_OPENAI_AUTH_URL', 'https://auth.openai.com');
  }

  private get client(): string {
    return this.setting('OPENCODE_OPENAI_CLIENT_ID', CLIENT);
  }

  private async browser({ signal }: LoginRequest): Promise<LoginFlow> {
    const [pkce, state] = [createPkce(), randomText()];
    const port = this.environment.positiveInteger('OPENCODE_OPENAI_AUTH_PORT') ?? PORT;
    const ends = AbortSignal.any([signal, AbortSignal.timeout(BROWSER_LIMIT)]);
    const listener = await listenForCallback({ port, path: PATH, state, signal: ends });
    const redirect = `http://localhost:${listener.port}${PATH}`;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.client,
      redirect_uri: redirect,
      scope: 'openid profile email offline_access',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      id_token_add_organizations: 'true',
      codex_cli_simplified_flow: 'true',
      state,
      originator: 'opencode',
    });
    return {
      url: `${this.issuer}/oauth/authorize?${query.toString()}`,
      instructions: 'Log in with the browser that opens. It has to run on the machine of this server.',
      method: 'auto',
      finish: async () => this.exchange(await listener.code, pkce.verifier, redirect, signal),
    };
  }

  private async device({ signal }: LoginRequest): Promise<LoginFlow> {
    const post = (path: string, json: OAuthRequest['json']) =>
      oauthRequest({ url: `${this.issuer}/api/accounts/deviceauth/${path}`, ...(json && { json }), signal });
    const begun = await post('usercode', { client_id: this.client });
    const { device_auth_id: id, user_code: code, interval } = begun.body;
    if (!begun.ok || typeof id !== 'string' || typeof code !== 'string') throw new Error(refusal(begun));
    const pace = Math.max(Number(interval) || 5, 1) * 1000 + POLL_MARGIN;
    const finish = async (): Promise<LoginResult> => {
      for (;;) {
        const answer = await post('token', { device_auth_id: id, user_code: code });
        const { authorization_code: given, code_verifier: verifier } = answer.body;
        if (answer.ok && typeof given === 'string' && typeof verifier === 'string')
          return await this.exchange(given, verifier, `${this.issuer}/deviceauth/callback`, signal);
        if (answer.status !== 403 && answer.status !== 404) throw new Error(refusal(answer));
        await this.clock.sleep(pace, signal);
      }
    };
    return { url: `${this.issuer}/codex/device`, instructions: `Enter code: ${code}`, method: 'auto', finish };
  }

  private async exchange(code: string, verifier: string, redirect: string, signal: AbortSignal): Promise<LoginResult> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier };
    const tokens = await this.tokens({ form, signal });
    const account = accountOf(tokens);
    const { access, refresh, expires } = tokens;
    const credential: OAuth = { type: 'oauth', access, refresh, expires, ...(account && { accountId: account }) };
    return { credential };
  }

  private tokens({ form, ...request }: Omit<OAuthRequest, 'url'>): Promise<Tokens> {
    const url = `${this.issuer}/oauth/token`;
    return requestTokens({ ...request, url, form: { ...form, client_id: this.client } }, this.clock.now());
  }

  private async load(context: LoginContext): Promise<LoginEffect> {
    const renew = (refresh: string) => this.tokens({ form: { grant_type: 'refresh_token', refresh_token: refresh } });
    const login = await this.stored(context, renew);
    if (!login) return {};
    const base = this.setting('OPENCODE_CHATGPT_URL', 'https://chatgpt.com/backend-api/codex');
    return {
      // the key only has to be there: requests carry the token
      options: { apiKey: 'login', fetch: chatgptFetch(base, () => login.tokens.current()) },
      models: paidModels(context.provider, (id) => /codex|^gpt-5\.\d/.test(id)),
    };
  }
}

/** The account that tokens are for, as they say themselves. They come straight from the issuer: unverified is enough. */
function accountOf({ idToken, access }: Tokens): string | undefined {
  for (const token of [idToken, access]) {
    const claims = claimsOf(token);
    const scoped = claims['https://api.openai.com/auth'] as Record<string, unknown> | undefined;
    const [organisation] = Array.isArray(claims['organizations'])
      ? (claims['organizations'] as { id?: unknown }[])
      : [];
    const id = claims['chatgpt_account_id'] ?? scoped?.['chatgpt_account_id'] ?? organisation?.id;
    if (typeof id === 'string') return id;
  }
  return undefined;
}

function claimsOf(token: string | undefined): Record<string, unknown> {
  try {
    const [, payload = ''] = (token ?? '').split('.');
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
