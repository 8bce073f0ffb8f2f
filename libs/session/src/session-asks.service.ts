import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { PermissionRequest, QuestionRequest } from '#libs/contract';
import { EventBus } from '#libs/event';
import { PermissionService, QuestionService } from '#libs/permission';
import { SessionService } from './session.service.js';

/**
 * What a session and those that work for it ask the user, at any depth: for a client that shows the root session only.
 * The answers go the usual way, by the id of the request.
 * @publicApi
 */
@Injectable()
export class SessionAsks implements OnModuleDestroy {
  private readonly deleted: Subscription;

  constructor(
    private readonly sessions: SessionService,
    private readonly permissions: PermissionService,
    private readonly questions: QuestionService,
    bus: EventBus,
  ) {
    this.deleted = bus.all$.subscribe(({ type, properties }) => {
      if (type !== 'session.deleted' || !('info' in properties)) return;
      // those of its run ended with the run; a host may have asked without one
      permissions.rejectSession(properties.info.id);
      questions.rejectSession(properties.info.id);
    });
  }

  onModuleDestroy(): void {
    this.deleted.unsubscribe();
  }

  /** Open permission requests, oldest first. Rejects with NotFoundError when the session does not exist. */
  async listPermissions(sessionID: string): Promise<PermissionRequest[]> {
    return this.permissions.listForSessions(await this.sessions.family(sessionID));
  }

  /** Open questions, oldest first. Rejects with NotFoundError when the session does not exist. */
  async listQuestions(sessionID: string): Promise<QuestionRequest[]> {
    return this.questions.listForSessions(await this.sessions.family(sessionID));
  }
}
