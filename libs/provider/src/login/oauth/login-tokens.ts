import type { OAuth } from '#libs/contract';
import type { LoginContext } from '#libs/extension';
import type { Tokens } from './oauth-request.js';

/** Milliseconds before its end at which an access token is renewed. */
const MARGIN = 60_000;

/** Hands out the access token of a stored login, renewed in time and by one caller for all. */
export class LoginTokens {
  private renewing: Promise<OAuth> | undefined;

  constructor(
    private readonly context: Pick<LoginContext, 'credential' | 'save'>,
    /** Undefined for tokens that have no end. */
    private readonly renew: ((refresh: string) => Promise<Tokens>) | undefined,
    private readonly now: () => number,
  ) {}

  /** Rejects when there is no login any more, or when it cannot be renewed: then it has to be made again. */
  async current(): Promise<OAuth> {
    const stored = await this.context.credential();
    if (stored?.type !== 'oauth') throw new Error('The login is gone. Log in to the provider again.');
    if (!this.renew || stored.expires > this.now() + MARGIN) return stored;
    this.renewing ??= this.renewed(stored, this.renew).finally(() => (this.renewing = undefined));
    return await this.renewing;
  }

  private async renewed(stored: OAuth, renew: (refresh: string) => Promise<Tokens>): Promise<OAuth> {
    const { access, refresh, expires } = await renew(stored.refresh).catch((error: unknown) => {
      throw new Error(`The login could not be renewed (${String(error)}). Log in to the provider again.`, {
        cause: error,
      });
    });
    const renewed = { ...stored, access, refresh, expires };
    await this.context.save(renewed);
    return renewed;
  }
}
