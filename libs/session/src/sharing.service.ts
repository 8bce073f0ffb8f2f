import { Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { ConfigService } from '#libs/config';
import { type Session, WireError } from '#libs/contract';
import { EventBus } from '#libs/event';
import { ShareService } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SessionService } from './session.service.js';

/** Shares sessions through the {@link ShareService} of the host. @publicApi */
@Injectable()
export class SharingService implements OnModuleDestroy {
  private readonly log = new Logger(SharingService.name);
  private readonly deleted: Subscription;

  constructor(
    private readonly sessions: SessionService,
    private readonly config: ConfigService,
    bus: EventBus,
    @Optional() private readonly service?: ShareService,
  ) {
    this.deleted = bus.all$.subscribe(({ type, properties }) => {
      if (type === 'session.deleted' && 'info' in properties) this.endShare(properties.info as Session);
    });
  }

  onModuleDestroy(): void {
    this.deleted.unsubscribe();
  }

  /** Rejects with a WireError (400) when there is no share service, or the configuration forbids it. */
  async share(instance: Instance, sessionID: string): Promise<Session> {
    const session = await this.sessions.get(sessionID);
    const { share: policy } = await this.config.get(instance);
    if (policy === 'disabled') throw unavailable('Sharing is disabled in the configuration (share: "disabled")');
    if (!this.service)
      throw unavailable('No share service is configured: this server has no place to publish sessions at');
    const share = await this.service.share(session);
    return this.sessions.modify(instance, sessionID, (stored) => ({ ...stored, share }));
  }

  /** Also for a session that is not shared. */
  async unshare(instance: Instance, sessionID: string): Promise<Session> {
    const session = await this.sessions.get(sessionID);
    if (session.share) await this.service?.unshare(session);
    return this.sessions.modify(instance, sessionID, ({ share: _gone, ...stored }) => stored);
  }

  /** A deleted session is not to be read by others any more. */
  private endShare(session: Session): void {
    if (!session.share) return;
    this.service?.unshare(session).catch((error: unknown) => {
      this.log.warn(`${session.id} was deleted and is still shared: ${String(error)}`);
    });
  }
}

const unavailable = (message: string) => new WireError('ShareUnavailableError', 400, { message });
