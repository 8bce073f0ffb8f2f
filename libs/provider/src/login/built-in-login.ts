import { Injectable } from '@nestjs/common';
import type { Model, Provider } from '#libs/contract';
import {
  Clock,
  Environment,
  type LoginContext,
  PROVIDER_LOGIN_SPECIFICATION,
  type ProviderLogin,
  type ProviderLoginSourceHandler,
} from '#libs/extension';
import { LoginTokens } from './oauth/login-tokens.js';
import type { Tokens } from './oauth/oauth-request.js';

/** What the logins that come along have in common. */
@Injectable()
export abstract class BuiltInLogin implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;

  constructor(
    protected readonly environment: Environment,
    protected readonly clock: Clock,
  ) {}

  abstract logins(): ProviderLogin[];

  /** A variable that changes an address or the client that logs in. */
  protected setting(name: string, standard: string): string {
    return this.environment.variables[name] || standard;
  }

  /** The stored login; undefined when a plain key is stored in its place. */
  protected async stored(context: LoginContext, trade?: (refresh: string) => Promise<Tokens>) {
    const credential = await context.credential();
    if (credential?.type !== 'oauth') return undefined;
    return { credential, tokens: new LoginTokens(context, trade, () => this.clock.now()) };
  }
}

/** The models that a subscription pays for: they cost nothing more. */
export function paidModels({ models }: Provider, wanted: (id: string) => boolean = () => true): Record<string, Model> {
  const cost = { input: 0, output: 0, cache: { read: 0, write: 0 } };
  return Object.fromEntries(
    Object.entries(models).flatMap(([id, model]) => (wanted(id) ? [[id, { ...model, cost }]] : [])),
  );
}
