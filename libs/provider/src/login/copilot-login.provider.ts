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
import { copilotFetch } from './copilot-fetch.js';
import { deviceLogin } from './oauth/device-login.js';

/** The public client of opencode at GitHub, as its published sources name it. */
const CLIENT = 'Ov23li8tweQw6odWQebz';

/** Login with a GitHub account that has Copilot, on github.com or a company's own GitHub. */
@Injectable()
@ProviderLoginSource({ order: -1 })
export class CopilotLogin extends BuiltInLogin {
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

  private authorize({ inputs, signal }: LoginRequest): Promise<LoginFlow> {
    const company = hostOf(inputs['enterpriseUrl']);
    const base = company ? `https://${company}` : this.setting('OPENCODE_GITHUB_URL', 'https://github.com');
    return deviceLogin({
      codeUrl: `${base}/login/device/code`,
      tokenUrl: `${base}/login/oauth/access_token`,
      client: this.setting('OPENCODE_GITHUB_CLIENT_ID', CLIENT),
      scope: 'read:user',
      clock: this.clock,
      signal,
      result: ({ access }) => copilotResult(access, company),
    });
  }

  private async load(context: LoginContext): Promise<LoginEffect> {
    const login = await this.stored(context);
    if (!login) return {};
    const company = hostOf(login.credential.enterpriseUrl);
    const url = this.setting('OPENCODE_COPILOT_URL', 'https://api.githubcopilot.com');
    return {
      // the key only has to be there: requests carry the token
      options: {
        baseURL: company ? `https://copilot-api.${company}` : url,
        apiKey: 'login',
        fetch: copilotFetch(async () => (await login.tokens.current()).refresh),
      },
      models: paidModels(context.provider),
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
