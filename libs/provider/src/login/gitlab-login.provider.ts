import { Injectable } from '@nestjs/common';
import {
  type LoginContext,
  type LoginEffect,
  type LoginFlow,
  type LoginMethod,
  type LoginRequest,
  type ProviderLogin,
  ProviderLoginSource,
} from '#libs/extension';
import { BuiltInLogin } from './built-in-login.js';
import { deviceLogin } from './oauth/device-login.js';
import { requestTokens } from './oauth/oauth-request.js';

/**
 * Login to GitLab, through an application that somebody has registered there: the variable GITLAB_OAUTH_CLIENT_ID (or
 * OPENCODE_GITLAB_AUTH_CLIENT_ID) names it. Without one there is the personal access token only.
 */
@Injectable()
@ProviderLoginSource({ order: -1 })
export class GitLabLogin extends BuiltInLogin {
  logins(): ProviderLogin[] {
    const login: LoginMethod = {
      type: 'oauth',
      label: 'GitLab OAuth',
      authorize: (request) => this.authorize(request),
    };
    return [
      {
        provider: 'gitlab',
        methods: [...(this.client ? [login] : []), { type: 'api', label: 'GitLab Personal Access Token' }],
        load: (context) => this.load(context),
      },
    ];
  }

  private get client(): string {
    return this.setting('GITLAB_OAUTH_CLIENT_ID', this.setting('OPENCODE_GITLAB_AUTH_CLIENT_ID', ''));
  }

  private get instance(): string {
    return this.setting('GITLAB_INSTANCE_URL', 'https://gitlab.com').replace(/\/$/, '');
  }

  private authorize({ signal }: LoginRequest): Promise<LoginFlow> {
    const base = this.instance;
    return deviceLogin({
      codeUrl: `${base}/oauth/authorize_device`,
      tokenUrl: `${base}/oauth/token`,
      client: this.client,
      scope: 'api',
      clock: this.clock,
      signal,
      result: ({ access, refresh, expires }) => ({
        credential: { type: 'oauth', access, refresh, expires, enterpriseUrl: base },
      }),
    });
  }

  private async load(context: LoginContext): Promise<LoginEffect> {
    const renew = (refresh: string) => {
      const form = { grant_type: 'refresh_token', refresh_token: refresh, client_id: this.client };
      return requestTokens({ url: `${base}/oauth/token`, form }, this.clock.now());
    };
    const login = await this.stored(context, renew);
    if (!login) return {};
    const base = login.credential.enterpriseUrl ?? this.instance;
    const fetchWithToken: typeof fetch = async (input, init) => {
      const address = input instanceof Request ? input.url : String(input);
      // its gateway has tokens of its own
      if (!address.startsWith(`${base}/`)) return await fetch(input, init);
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${(await login.tokens.current()).access}`);
      return await fetch(input, { ...init, headers });
    };
    // the key only has to be there: requests carry the token
    return { options: { instanceUrl: base, apiKey: 'login', fetch: fetchWithToken } };
  }
}
