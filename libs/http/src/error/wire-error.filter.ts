import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { KnownSecrets } from '#libs/extension';
import { flushEventStreams } from '../stream/event-readable.js';
import { wireErrorOf } from './wire-error.js';

/**
 * Answers every error as JSON that names and explains it; never HTML, never a stack. Bound by `@OpencodeController()`;
 * a server without other routes may use it globally.
 */
@Catch()
@Injectable()
export class WireErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Optional() private readonly secrets: KnownSecrets = new KnownSecrets(),
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    flushEventStreams();
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<object>();
    const error = wireErrorOf(thrown);
    if (error.status >= 500) this.log.error(error.message, thrown instanceof Error ? thrown.stack : undefined);
    if (httpAdapter.isHeadersSent(response)) httpAdapter.end(response);
    else httpAdapter.reply(response, this.secrets.hideIn(error.toBody()), error.status);
  }
}
