import { Module } from '@nestjs/common';
import {
  type LoginContext,
  type LoginRequest,
  type LoginResult,
  PROVIDER_LOGIN_SPECIFICATION,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from '#libs/extension';

/** Logins to the provider `acme` that a test ends as it likes. */
@ProviderLoginSource()
export class AcmeLogin implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;
  /** Of the newest `auto` login. */
  ended = Promise.withResolvers<LoginResult | undefined>();
  readonly requests: LoginRequest[] = [];

  logins() {
    return [
      {
        provider: 'acme',
        methods: [
          { type: 'oauth' as const, label: 'Code', authorize: (request: LoginRequest) => this.code(request) },
          { type: 'oauth' as const, label: 'Wait', authorize: (request: LoginRequest) => this.auto(request) },
          { type: 'api' as const, label: 'Key' },
          { type: 'oauth' as const, label: 'Broken', authorize: () => Promise.reject(new Error('no way in')) },
        ],
        load: async ({ credential }: LoginContext) => {
          const stored = await credential();
          return { options: { apiKey: stored?.type === 'oauth' ? stored.access : 'none', region: 'eu' } };
        },
      },
    ];
  }

  private code(request: LoginRequest) {
    this.requests.push(request);
    return Promise.resolve({
      url: 'https://acme.test/login',
      method: 'code' as const,
      instructions: 'Paste the code',
      finish: (code?: string) => Promise.resolve(code === 'right' ? result('code') : undefined),
    });
  }

  private auto(request: LoginRequest) {
    this.requests.push(request);
    this.ended = Promise.withResolvers();
    const { promise } = this.ended;
    return Promise.resolve({
      url: 'https://acme.test/wait',
      method: 'auto' as const,
      instructions: 'Wait',
      finish: () => promise,
    });
  }
}

function result(access: string): LoginResult {
  return { credential: { type: 'oauth', access, refresh: 'r', expires: 1 } };
}

@Module({ providers: [AcmeLogin], exports: [AcmeLogin] })
export class AcmeLoginModule {}
