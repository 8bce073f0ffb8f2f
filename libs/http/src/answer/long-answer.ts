import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
  Optional,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';
import { KnownSecrets } from '#libs/extension';
import { wireErrorOf } from '../error/wire-error.js';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { AnswerReadable } from './answer-readable.js';

/**
 * What a handler returns when the work behind its answer may take long. What is wrong with the request itself has to
 * be thrown before: it gets its own status.
 * @publicApi
 */
export class LongAnswer<T> {
  constructor(readonly value: Promise<T>) {
    // whoever looks at it first may come too late
    value.catch(() => undefined);
  }
}

/** Answers with a {@link LongAnswer}; other results pass. */
@Injectable()
export class LongAnswerInterceptor implements NestInterceptor<unknown, unknown> {
  private readonly log = new Logger('Http');

  constructor(
    @Optional() @Inject(HTTP_OPTIONS) private readonly options: HttpOptions = {},
    @Optional() private readonly secrets: KnownSecrets = new KnownSecrets(),
  ) {}

  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next
      .handle()
      .pipe(mergeMap(async (result) => (result instanceof LongAnswer ? this.answer(result.value) : result)));
  }

  private async answer(value: Promise<unknown>): Promise<unknown> {
    const { patience = 1_000, interval = 15_000 } = this.options.longAnswers ?? {};
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, patience);
    try {
      const first = await Promise.race([value.then((answer) => ({ answer })), late.promise]);
      if (first) return first.answer;
    } finally {
      clearTimeout(timer);
    }
    return new StreamableFile(new AnswerReadable(this.textOf(value), interval), { type: 'application/json' });
  }

  /** The status is on its way already: an error can only be told by the body. */
  private async textOf(value: Promise<unknown>): Promise<string> {
    try {
      return JSON.stringify(await value);
    } catch (thrown) {
      const error = wireErrorOf(thrown);
      if (error.status >= 500) this.log.error(error.message, thrown instanceof Error ? thrown.stack : undefined);
      return JSON.stringify(this.secrets.hideIn(error.toBody()));
    }
  }
}

/**
 * For a handler that returns a {@link LongAnswer}. An answer that is there soon is sent like any other, errors with
 * their status. Otherwise the headers go out with status 200 and then a space now and again, so that neither the
 * client nor a proxy gives up; the body is still one JSON value on one line, in case of an error the error object.
 *
 * @example
 * @Post('build') @AnswersLong() @Operation({ id: 'acme.build', … })
 * async build(@Body() input: BuildInput) { return new LongAnswer(this.builds.start(input)); }
 * @publicApi
 */
export const AnswersLong = (): MethodDecorator => UseInterceptors(LongAnswerInterceptor);
