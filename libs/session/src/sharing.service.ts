import { Injectable, Logger, Optional } from '@nestjs/common';
import { map, mergeMap } from 'rxjs';
import { type Session, WireError } from '#libs/contract';
import { EventBus } from '#libs/event';
import { ShareService } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { SharePolicy } from './share-policy.service.js';
import { SessionService } from './session.service.js';

/** Shares sessions through the {@link ShareService} of the host. @publicApi */
@Injectable()
export class SharingService {
  private readonly log = new Logger(SharingService.name);

  constructor(
    private readonly sessions: SessionService,
    private readonly policy: SharePolicy,
    instances: InstanceStore,
    bus: EventBus,
    @Optional() private readonly service?: ShareService,
  ) {
    const events$ = instances.booted$.pipe(
      mergeMap((instance) => bus.instance$(instance).pipe(map((event) => [instance, event] as const))),
    );
    events$.subscribe(([instance, { type, properties }]) => {
      if (type === 'session.created' && 'info' in properties) this.autoShare(instance, properties.info as Session);
      if (type === 'session.deleted' && 'info' in properties) this.endShare(properties.info as Session);
    });
  }

  /** Rejects with a WireError (400) when there is no share service, or the configuration forbids it. */
  async share(instance: Instance, sessionID: string): Promise<Session> {
    const session = await this.sessions.get(sessionID);
    if ((await this.policy.of(instance)) === 'disabled')
      throw unavailable('Sharing is disabled in the configuration (share: "disabled") or by OPENCODE_DISABLE_SHARE');
    if (!this.service)
      throw unavailable('No share service is configured: this server has no place to publish sessions at');
    const share = await this.service.share(session);
    try {
      return await this.sessions.modify(instance, sessionID, (stored) => ({ ...stored, share }));
    } catch (error) {
      // it was deleted meanwhile
      this.endShare({ ...session, share });
      throw error;
    }
  }

  /** Also for a session that is not shared. */
  async unshare(instance: Instance, sessionID: string): Promise<Session> {
    const session = await this.sessions.get(sessionID);
    if (session.share) await this.service?.unshare(session);
    return this.sessions.modify(instance, sessionID, ({ share: _gone, ...stored }) => stored);
  }

  /** Root sessions are shared as soon as they are there, where the configuration says `share: "auto"`. */
  private autoShare(instance: Instance, { id, parentID, share }: Session): void {
    if (!this.service || parentID !== undefined || share) return;
    const work = this.policy.of(instance).then(async (policy) => {
      if (policy === 'auto') await this.share(instance, id);
    });
    work.catch((error: unknown) => {
      if (!instance.signal.aborted) this.log.warn(`${id} is not shared: ${String(error)}`);
    });
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
