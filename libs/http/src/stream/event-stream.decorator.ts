import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
  SetMetadata,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { rawResponse, type ScopedResponse, WATCHES } from '../scope/scoped-request.js';
import { EventReadable } from './event-readable.js';

export interface EventStreamOptions {
  /** What is put around the JSON text of `server.connected` and `server.heartbeat`; nothing by default. */
  envelope?: (event: string) => string;
}

const ENVELOPE = Symbol('EventStreamEnvelope');
const CONNECTED = '{"type":"server.connected","properties":{}}';
const HEARTBEAT = '{"type":"server.heartbeat","properties":{}}';

/** Hides an observable from Nest, which would wait for its values instead of handing it to the interceptor. */
class Events {
  constructor(readonly texts$: Observable<string>) {}
}

/** Turns the events of a handler into the body of the response. */
@Injectable()
export class EventStreamInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(@Optional() @Inject(HTTP_OPTIONS) private readonly options: HttpOptions = {}) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const response = context.switchToHttp().getResponse<ScopedResponse & HeaderWriter>();
    const envelope = (Reflect.getMetadata(ENVELOPE, context.getHandler()) ?? String) as (event: string) => string;
    return next.handle().pipe(
      map((result) => {
        if (!(result instanceof Events)) return result;
        response.header('cache-control', 'no-cache');
        // a proxy that collects the stream would make it useless
        response.header('x-accel-buffering', 'no');
        const { heartbeat: interval = 30_000, maxPending = 8 * 1024 * 1024 } = this.options;
        const options = { first: envelope(CONNECTED), heartbeat: envelope(HEARTBEAT), interval, maxPending };
        const stream = new EventReadable(result.texts$, options, rawResponse(response));
        return new StreamableFile(stream, { type: 'text/event-stream' });
      }),
    );
  }
}

interface HeaderWriter {
  header(name: string, value: string): unknown;
}

type EventHandler = (...args: never[]) => Observable<string> | Promise<Observable<string>>;
type EventHandlerDecorator = <H extends EventHandler>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void;

/** Makes the handler answer with {@link Events}, and keeps what other decorators noted on it. */
const wrapHandler: MethodDecorator = (_target, _key, descriptor: PropertyDescriptor) => {
  const original = descriptor.value as EventHandler;
  const handler = async function (this: unknown, ...args: never[]): Promise<Events> {
    return new Events(await original.apply(this, args));
  };
  for (const key of Reflect.getMetadataKeys(original) as unknown[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), handler);
  Object.defineProperty(handler, 'name', { value: original.name });
  descriptor.value = handler;
};

/**
 * A GET route that streams server-sent events. The handler returns an observable of JSON texts; the stream begins with
 * `server.connected`, carries a heartbeat, ends when the observable completes, and unsubscribes when the client goes.
 * An event is on its way to the client before any answer that is given after it was published.
 *
 * @example
 * @EventStream('event')
 * subscribe(@CurrentInstance() instance: Instance) { return this.events.instance$(instance).pipe(map((e) => e.text)); }
 * @publicApi
 */
export function EventStream(path: string, { envelope = String }: EventStreamOptions = {}): EventHandlerDecorator {
  return applyDecorators(
    wrapHandler,
    SetMetadata(ENVELOPE, envelope),
    SetMetadata(WATCHES, true),
    UseInterceptors(EventStreamInterceptor),
    Get(path),
  );
}
