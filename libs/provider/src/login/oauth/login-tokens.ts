import type { Auth, OAuth } from '#libs/contract';
import type { LoginContext } from '#libs/extension';
import type { Tokens } from './oauth-request.js';

/** Milliseconds before its end at which an access token is renewed. */
const MARGIN = 60_000;

/** Hands out the access token of a stored login, renewed in time and by one caller for all. */
export class LoginTokens {
  constructor(
    private readonly context: Pick<LoginContext, 'credential' | 'renew'>,
    /** Undefined for tokens that have no end. */
    private readonly trade: ((refresh: string) => Promise<Tokens>) | undefined,
    private readonly now: () => number,
  ) {}

  /** Rejects when there is no login any more, or when it cannot be renewed: then it has to be made again. */
  async current(): Promise<OAuth> {
    const stored = asLogin(await this.context.credential());
    const { trade } = this;
    if (!trade || this.isFresh(stored)) return stored;
    const renewed = await this.context.renew(async (credential) => {
      // what was read before may have been renewed since
      const login = asLogin(credential);
      return this.isFresh(login) ? undefined : this.renewed(login, trade);
    });
    return asLogin(renewed);
  }

  private isFresh({ expires }: OAuth): boolean {
    return expires > this.now() + MARGIN;
  }

  private async renewed(login: OAuth, trade: (refresh: string) => Promise<Tokens>): Promise<OAuth | undefined> {
    try {
      const { access, refresh, expires } = await trade(login.refresh);
      return { ...login, access, refresh, expires };
    } catch (error) {
      // opencode 1.2.6 does not wait for others: what it has stored meanwhile is good
      const now = asLogin(await this.context.credential());
      if (now.refresh !== login.refresh && this.isFresh(now)) return undefined;
      throw new Error(`The login could not be renewed (${String(error)}). Log in to the provider again.`, {
        cause: error,
      });
    }
  }
}

function asLogin(credential: Auth | undefined): OAuth {
  if (credential?.type !== 'oauth') throw new Error('The login is gone. Log in to the provider again.');
  return credential;
}
