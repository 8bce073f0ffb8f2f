import { Injectable, Logger, Optional } from '@nestjs/common';
import { errorText } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';

/** Tells of files that cannot be used, where the rest works without them: to the log and to the clients. */
@Injectable()
export class ProblemService {
  private readonly log = new Logger('Configuration');

  constructor(@Optional() private readonly bus?: EventBus) {}

  /** @param what it is, and what becomes of it. */
  tell(instance: Instance, what: string, reason: unknown): void {
    const message = `${what}: ${errorText(reason).replace(/^Error: /, '')}`;
    this.log.warn(message);
    this.bus?.publish(instance, 'session.error', { error: { name: 'UnknownError', data: { message } } });
  }

  /** For the log alone. */
  note(message: string): void {
    this.log.warn(message);
  }
}
