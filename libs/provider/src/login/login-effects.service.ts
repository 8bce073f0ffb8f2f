import { Injectable, Logger } from '@nestjs/common';
import { type Auth, errorText, type Provider } from '#libs/contract';
import { CredentialStore, inTime, type LoginContext, type LoginEffect, type ProviderLogin } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { LoginRegistry } from './login.registry.js';

/** Milliseconds a login has to say what it gives. */
const LOAD_LIMIT = 15_000;

/** Puts stored logins to use: asks each what it gives to its provider. */
@Injectable()
export class LoginEffectsService {
  private readonly log = new Logger(LoginEffectsService.name);

  constructor(
    private readonly registry: LoginRegistry,
    private readonly credentials: CredentialStore,
  ) {}

  /** By provider; a login that fails gives nothing, and the log says why. */
  async load(
    instance: Instance,
    stored: ReadonlyMap<string, Auth>,
    provider: (id: string) => Provider,
  ): Promise<Map<string, LoginEffect>> {
    const logins = await this.registry.list(instance);
    const wanted = [...logins.values()].filter((login) => login.load && stored.has(login.provider));
    const effects = await Promise.all(
      wanted.map(
        async (login) => [login.provider, await this.effectOf(login, this.context(instance, login, provider))] as const,
      ),
    );
    return new Map(effects.flatMap(([id, effect]) => (effect ? [[id, effect]] : [])));
  }

  private context(instance: Instance, login: ProviderLogin, provider: (id: string) => Provider): LoginContext {
    return {
      instance,
      provider: provider(login.provider),
      credential: () => this.credentials.find(login.provider),
      save: (credential) => this.credentials.set(login.provider, credential),
      renew: (make) => this.credentials.renew(login.provider, make),
    };
  }

  private async effectOf(login: ProviderLogin, context: LoginContext): Promise<LoginEffect | undefined> {
    try {
      return await inTime(login.load?.(context), { milliseconds: LOAD_LIMIT });
    } catch (error) {
      this.log.warn(`The login to ${login.provider} cannot be used: ${errorText(error)}`);
      return undefined;
    }
  }
}
