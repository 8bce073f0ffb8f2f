import { Module } from '@nestjs/common';
import {
  type LoginRequest,
  type LoginResult,
  PROVIDER_LOGIN_SPECIFICATION,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from '../../src/index.js';

/** A login with a code, one that a test ends, and a plain key. */
@ProviderLoginSource()
export class AcmeLogin implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;
  waiting = Promise.withResolvers<PromiseWithResolvers<LoginResult>>();

  logins() {
    const oauth = (
      label: string,
      method: 'auto' | 'code',
      finish: (code?: string) => Promise<LoginResult | undefined>,
    ) => ({
      type: 'oauth' as const,
      label,
      authorize: (_: LoginRequest) =>
        Promise.resolve({ url: `https://acme.test/${method}`, instructions: '', method, finish }),
    });
    const tokens = { type: 'oauth' as const, access: 'a', refresh: 'r', expires: 1 };
    return [
      {
        provider: 'acme',
        methods: [
          oauth('Code', 'code', async (code) => (code === 'right' ? { credential: tokens } : undefined)),
          oauth('Wait', 'auto', () => this.wait()),
          { type: 'api' as const, label: 'Key' },
        ],
      },
    ];
  }

  private wait(): Promise<LoginResult> {
    const end = Promise.withResolvers<LoginResult>();
    this.waiting.resolve(end);
    return end.promise;
  }
}

@Module({ providers: [AcmeLogin] })
export class AcmeLoginModule {}
