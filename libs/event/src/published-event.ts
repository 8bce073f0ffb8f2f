import type { EventMap, EventType } from '#libs/contract';

/** An event as it is on the wire of `/event`. @publicApi */
export interface WireEventOf<T extends EventType = EventType> {
  type: T;
  properties: EventMap[T];
}

/**
 * One published event. It is turned into JSON at most once, when the first subscriber asks, whatever the number of
 * streams that carry it.
 * @publicApi
 */
export class PublishedEvent<T extends EventType = EventType> {
  private json?: string;

  constructor(
    /** Directory of the instance, `global`, or absent for events of the whole server. */
    readonly directory: string | undefined,
    readonly type: T,
    readonly properties: EventMap[T],
  ) {}

  /** `{"type":…,"properties":…}` */
  get text(): string {
    return (this.json ??= JSON.stringify({ type: this.type, properties: this.properties }));
  }

  /** `{"directory":…,"payload":{…}}` as sent on `/global/event`. */
  get globalText(): string {
    const directory = this.directory === undefined ? '' : `"directory":${JSON.stringify(this.directory)},`;
    return `{${directory}"payload":${this.text}}`;
  }
}
