import { Injectable } from '@nestjs/common';
import type { OAuth } from '#libs/contract';
import {
  Clock,
  Environment,
  type LoginContext,
  type LoginEffect,
  type LoginFlow,
  type LoginRequest,
  type LoginResult,
  PROVIDER_LOGIN_SPECIFICATION,
  type ProviderLogin,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from '#libs/extension';
import { copilotFetch } from './copilot-fetch.js';
import { oauthRequest, refusal } from './oauth/oauth-request.js';
import { withoutCost } from './openai-login.provider.js';

const CLIENT = 'Ov23li8tweQw6odWQebz';
/** Milliseconds added to the pace that GitHub asks for. */
const POLL_MARGIN = 3_000;

/** Login with a GitHub account that has Copilot, on github.com or a company's own GitHub. */
@Injectable()
@ProviderLoginSource({ order: -1 })
export class CopilotLogin implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;

  constructor(
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  logins(): ProviderLogin[] {
    const load = (context: LoginContext) => this.load(context);
    return [
      {
        provider: 'github-copilot',
        methods: [
          { type: 'oauth', label: 'Login with GitHub Copilot', authorize: (request) => this.authorize(request) },
        ],
        load,
      },
      { provider: 'github-copilot-enterprise', methods: [], load },
    ];
  }

  private async authorize({ inputs, signal }: LoginRequest): Promise<LoginFlow> {
    const company = hostOf(inputs['enterpriseUrl']);
    const base = company
      ? `https://${company}`
      : (this.environment.variables['OPENCODE_GITHUB_URL'] ?? 'https://github.com');
    const begun = await oauthRequest({
      url: `${base}/login/device/code`,
      json: { client_id: CLIENT, scope: 'read:user' },
      signal,
    });
    const { device_code: device, user_code: code, verification_uri: url, interval } = begun.body;
    if (!begun.ok || typeof device !== 'string' || typeof code !== 'string' || typeof url !== 'string')
      throw new Error(refusal(begun));
    const pace = (Number(interval) || 5) * 1000 + POLL_MARGIN;
    const finish = () => this.poll(`${base}/login/oauth/access_token`, device, pace, company, signal);
    return { url, instructions: `Enter code: ${code}`, method: 'auto', finish };
  }

  private async poll(
    url: string,
    device: string,
    firstPace: number,
    company: string | undefined,
    signal: AbortSignal,
  ): Promise<LoginResult> {
    const json = {
      client_id: CLIENT,
      device_code: device,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    };
    for (let pace = firstPace; ;) {
      const answer = await oauthRequest({ url, json, signal });
      const { access_token: token, error, interval } = answer.body;
      if (typeof token === 'string') return copilotResult(token, company);
      if (error === 'slow_down') pace = (Number(interval) || pace / 1000 + 5) * 1000 + POLL_MARGIN;
      else if (error !== 'authorization_pending') throw new Error(refusal(answer));
      await this.clock.sleep(pace, signal);
    }
  }

  private async load(context: LoginContext): Promise<LoginEffect> {
    const stored = await context.credential();
    if (stored?.type !== 'oauth') return {};
    const company = hostOf(stored.enterpriseUrl);
    const url = this.environment.variables['OPENCODE_COPILOT_URL'] ?? 'https://api.githubcopilot.com';
    const token = async () => {
      const current = await context.credential();
      if (current?.type !== 'oauth') throw new Error('The login is gone. Log in to GitHub Copilot again.');
      return current.refresh;
    };
    return {
      // the key only has to be there: requests carry the token
      options: {
        baseURL: company ? `https://copilot-api.${company}` : url,
        apiKey: 'login',
        fetch: copilotFetch(token),
      },
      models: Object.fromEntries(
        Object.entries(context.provider.models).map(([id, model]) => [id, withoutCost(model)]),
      ),
    };
  }
}

/** The token has no end of its own. */
function copilotResult(token: string, company: string | undefined): LoginResult {
  const credential: OAuth = { type: 'oauth', refresh: token, access: token, expires: 0 };
  if (!company) return { credential };
  return { provider: 'github-copilot-enterprise', credential: { ...credential, enterpriseUrl: company } };
}

function hostOf(address: string | undefined): string | undefined {
  return address ? address.replace(/^https?:\/\//, '').replace(/\/.*$/, '') : undefined;
}
