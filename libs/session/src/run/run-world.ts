import { Injectable } from '@nestjs/common';
import { EventBus } from '#libs/event';
import { InstanceStore } from '#libs/instance';

/** What surrounds the runs. */
@Injectable()
export class RunWorld {
  constructor(
    readonly bus: EventBus,
    readonly instances: InstanceStore,
  ) {}
}
