import { ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { EventUnion } from '#libs/contract';
import { EventBus } from '#libs/event';
import { CurrentInstance, EventStream, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';

/** The events of one instance. */
@ApiTags('Event')
@OpencodeController()
export class EventController {
  constructor(private readonly bus: EventBus) {}

  @EventStream('event')
  @Operation({
    id: 'event.subscribe',
    summary: 'Stream the events of the instance',
    answer: EventUnion,
    type: 'text/event-stream',
  })
  subscribe(@CurrentInstance() instance: Instance): Observable<string> {
    return this.bus.instance$(instance).pipe(map((event) => event.text));
  }
}
