import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { flushEventStreams } from './event-readable.js';

/** Puts the events published by a handler on their way before its answer. */
@Injectable()
export class EventsFirstInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(tap(() => flushEventStreams()));
  }
}
