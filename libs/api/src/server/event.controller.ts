import { ApiTags } from '@nestjs/swagger';
import { filter, map, type Observable } from 'rxjs';
import { EventUnion } from '#libs/contract';
import { EventBus } from '#libs/event';
import { CurrentInstance, EventStream, OpencodeController, Operation } from '#libs/http';
import { type Instance, InstanceStore } from '#libs/instance';

/** The events of one instance. */
@ApiTags('Event')
@OpencodeController()
export class EventController {
  constructor(
    private readonly bus: EventBus,
    private readonly instances: InstanceStore,
  ) {}

  @EventStream('event')
  @Operation({
    id: 'event.subscribe',
    summary: 'Stream the events of the instance',
    answer: EventUnion,
    type: 'text/event-stream',
  })
  subscribe(@CurrentInstance() instance: Instance): Observable<string> {
    return this.bus.instance$(instance).pipe(
      // clients read everything anew after it, and those that find no server then give up: they shall wait for the next one
      filter(({ type }) => type !== 'server.instance.disposed' || !this.instances.closing),
      map((event) => event.text),
    );
  }
}
