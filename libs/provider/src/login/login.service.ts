import { Injectable, Logger } from '@nestjs/common';
import { errorText, type ProviderAuthAuthorization, type ProviderAuthMethod } from '#libs/contract';
import { CredentialStore, inTime, type LoginFlow, type LoginResult } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { loginCodeMissing, loginFailed, loginMissing, noSuchLogin } from './login.error.js';
import { LoginRegistry } from './login.registry.js';

/** Milliseconds a person has for a login from its beginning. */
const LOGIN_LIMIT = 15 * 60_000;

interface PendingLogin {
  flow: LoginFlow;
  /** Aborted when the login is over. */
  end: AbortController;
  /** The wait of an `auto` flow, shared by all who ask for it. */
  waiting?: Promise<LoginResult | undefined>;
}

/** Logs people in to providers: lists the ways, begins a login, and stores what comes of it. @publicApi */
@Injectable()
export class LoginService {
  private readonly log = new Logger(LoginService.name);
  private readonly pending = new InstanceState(
    () => new Map<string, PendingLogin>(),
    (logins) => {
      for (const { end } of logins.values()) end.abort(new Error('its project was closed'));
    },
  );

  constructor(
    private readonly registry: LoginRegistry,
    private readonly credentials: CredentialStore,
  ) {}

  /** The ways to log in, by provider. A provider that is not there takes a plain key. */
  async methods(instance: Instance): Promise<Record<string, ProviderAuthMethod[]>> {
    const logins = [...(await this.registry.list(instance)).values()].filter(({ methods }) => methods.length > 0);
    return Object.fromEntries(
      logins.map(({ provider, methods }) => [provider, methods.map(({ type, label }) => ({ type, label }))]),
    );
  }

  /**
   * Begins a login; one that was begun before for the same provider ends. Undefined for a plain key, which needs no
   * login. Rejects with BadRequestError when there is no such way.
   */
  async authorize(
    instance: Instance,
    providerID: string,
    index: number,
  ): Promise<ProviderAuthAuthorization | undefined> {
    const methods = (await this.registry.list(instance)).get(providerID)?.methods ?? [];
    const method = Object.hasOwn(methods, index) ? methods[index] : undefined;
    if (!method)
      throw noSuchLogin(
        providerID,
        index,
        methods.map(({ label }) => label),
      );
    if (method.type === 'api' || !method.authorize) return undefined;
    this.finish(instance, providerID, new Error('another login was begun'));
    const end = new AbortController();
    const limit = setTimeout(() => end.abort(new Error('nobody finished it in time')), LOGIN_LIMIT).unref();
    end.signal.addEventListener('abort', () => clearTimeout(limit));
    try {
      const flow = await method.authorize({ instance, inputs: {}, signal: end.signal });
      if (instance.signal.aborted) throw new Error('its project was closed');
      // one that was begun meanwhile
      this.finish(instance, providerID, new Error('another login was begun'));
      this.pending.get(instance).set(providerID, { flow, end });
      return { url: flow.url, method: flow.method, instructions: flow.instructions };
    } catch (error) {
      end.abort();
      throw loginFailed(providerID, errorText(error), error);
    }
  }

  /**
   * Ends a login: waits for it, or takes its code, and stores the credential. A wrong code can be given again.
   * Rejects with the errors of `login.error.ts`.
   */
  async callback(instance: Instance, providerID: string, code?: string): Promise<void> {
    const pending = this.pending.get(instance).get(providerID);
    if (!pending) throw loginMissing(providerID);
    if (pending.flow.method === 'code' && !code) throw loginCodeMissing(providerID);
    try {
      const result = await this.result(pending, code);
      if (!result) throw new Error('it was refused');
      await this.credentials.set(result.provider ?? providerID, result.credential);
      this.finish(instance, providerID, new Error('it is done'), pending);
    } catch (error) {
      if (pending.flow.method === 'auto') this.finish(instance, providerID, error, pending);
      this.log.warn(`Login to ${providerID} failed: ${errorText(error)}`);
      throw loginFailed(providerID, errorText(error), error);
    }
  }

  /** The result of a flow, or the reason for which it was ended. */
  private async result(pending: PendingLogin, code: string | undefined): Promise<LoginResult | undefined> {
    const { flow, end } = pending;
    end.signal.throwIfAborted();
    const wait = flow.method === 'auto' ? (pending.waiting ??= flow.finish()) : flow.finish(code);
    return await inTime(wait, { signal: end.signal });
  }

  private finish(instance: Instance, providerID: string, reason: unknown, only?: PendingLogin): void {
    const logins = this.pending.get(instance);
    const pending = logins.get(providerID);
    if (!pending || (only && only !== pending)) return;
    logins.delete(providerID);
    pending.end.abort(reason);
  }
}
