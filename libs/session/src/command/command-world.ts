import { Injectable } from '@nestjs/common';
import { EventBus } from '#libs/event';
import { ProjectService } from '#libs/project';
import { SessionRunner } from '../run/session.runner.js';
import { SessionService } from '../session.service.js';

/** What commands act on. */
@Injectable()
export class CommandWorld {
  constructor(
    readonly sessions: SessionService,
    readonly runner: SessionRunner,
    readonly projects: ProjectService,
    readonly bus: EventBus,
  ) {}
}
