import { Injectable, Logger, Optional } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Observable, Subject } from 'rxjs';
import type { EventMap, EventType } from '#libs/contract';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import { PublishedEvent } from './published-event.js';

/**
 * Carries every event of the server: to the streams of one instance, to the global stream, and to `@OnEvent`
 * handlers of the host application. Publishing is synchronous: when it returns, each open stream has the event.
 * @publicApi
 */
@Injectable()
export class EventBus {
  private readonly log = new Logger(EventBus.name);
  private readonly everything = new Subject<PublishedEvent>();
  private readonly channels: InstanceState<Subject<PublishedEvent>>;

  constructor(
    instances: InstanceStore,
    @Optional() private readonly emitter?: EventEmitter2,
  ) {
    this.channels = new InstanceState(
      () => new Subject<PublishedEvent>(),
      (channel, { directory }) => {
        const event = new PublishedEvent(directory, 'server.instance.disposed', { directory });
        channel.next(event);
        this.spread(event);
        channel.complete();
      },
    );
    // made first, so that it is disposed last: whatever else ends with the instance can still be told
    instances.booted$.subscribe((instance) => this.channels.get(instance));
  }

  /** Tells the streams of an instance and the global stream. */
  publish<T extends EventType>(instance: Instance, type: T, properties: EventMap[T]): void {
    const event = new PublishedEvent(instance.directory, type, properties);
    this.channels.find(instance)?.next(event);
    this.spread(event);
  }

  /** Tells the global stream only. */
  publishGlobal<T extends EventType>(type: T, properties: EventMap[T], directory?: string): void {
    this.spread(new PublishedEvent(directory, type, properties));
  }

  /** Events of one instance from now on; completes after `server.instance.disposed`. */
  instance$(instance: Instance): Observable<PublishedEvent> {
    return new Observable((subscriber) => {
      const channel = this.channels.find(instance);
      if (!channel) return subscriber.complete();
      return channel.subscribe(subscriber);
    });
  }

  /** Events of all instances and of the server from now on; never completes. */
  get all$(): Observable<PublishedEvent> {
    return this.everything.asObservable();
  }

  private spread(event: PublishedEvent): void {
    this.everything.next(event);
    if (!this.emitter?.hasListeners(event.type)) return;
    try {
      this.emitter.emit(event.type, event);
    } catch (error) {
      // a listener of the host must not end a run
      this.log.error(`A listener of ${event.type} failed: ${String(error)}`);
    }
  }
}
