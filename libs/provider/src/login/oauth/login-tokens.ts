import type { OAuth } from '#libs/contract';
import type { LoginContext } from '#libs/extension';
import type { Tokens } from './oauth-request.js';

/** Milliseconds before its end at which an access token is renewed. */
const MARGIN = 60_000;

/** The renewal that is under way, if one is. */
export interface Renewal {
  running?: Promise<OAuth>;
}

/** Hands out the access token of a stored login, renewed in time and by one caller for all. */
export class LoginTokens {
  constructor(
    private readonly context: Pick<LoginContext, 'credential' | 'save'>,
    /** Undefined for tokens that have no end. */
    private readonly renew: ((refresh: string) => Promise<Tokens>) | undefined,
    /** The same for all projects: many servers take a refresh token once only. */
    private readonly renewal: Renewal,
    private readonly now: () => number,
  ) {}

  /** Rejects when there is no login any more, or when it cannot be renewed: then it has to be made again. */
  async current(): Promise<OAuth> {
    const stored = await this.stored();
    if (!this.renew || this.isFresh(stored)) return stored;
    this.renewal.running ??= this.renewed(this.renew).finally(() => delete this.renewal.running);
    return await this.renewal.running;
  }

  private async stored(): Promise<OAuth> {
    const stored = await this.context.credential();
    if (stored?.type !== 'oauth') throw new Error('The login is gone. Log in to the provider again.');
    return stored;
  }

  private isFresh({ expires }: OAuth): boolean {
    return expires > this.now() + MARGIN;
  }

  private async renewed(renew: (refresh: string) => Promise<Tokens>): Promise<OAuth> {
    // what was read before may have been renewed since
    const stored = await this.stored();
    if (this.isFresh(stored)) return stored;
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
