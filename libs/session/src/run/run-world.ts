import { Injectable } from '@nestjs/common';
import { EventBus } from '#libs/event';
import { InstanceStore } from '#libs/instance';
import { RunRegistry } from './run.registry.js';

/** What surrounds the runs. */
@Injectable()
export class RunWorld {
  constructor(
    readonly bus: EventBus,
    readonly instances: InstanceStore,
    readonly runs: RunRegistry,
  ) {}
}
