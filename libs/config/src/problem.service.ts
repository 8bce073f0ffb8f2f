import { Injectable, Logger, Optional } from '@nestjs/common';
import { errorText, type Issue, WireError } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';

/** Tells of files that cannot be used, where the rest works without them: to the log and to the clients. */
@Injectable()
export class ProblemService {
  private readonly log = new Logger('Configuration');

  constructor(@Optional() private readonly bus?: EventBus) {}

  /** @param what it is, and what becomes of it. */
  tell(instance: Instance, what: string, reason: unknown): void {
    const message = `${what}: ${inALine(reason)}`;
    this.log.warn(message);
    this.bus?.publish(instance, 'session.error', { error: { name: 'UnknownError', data: { message } } });
  }

  /** For the log alone. */
  note(message: string): void {
    this.log.warn(message);
  }
}

/** Where and what it is. Of a file that is no JSON the first place that is wrong. */
function inALine(reason: unknown): string {
  if (!WireError.is(reason) || typeof reason.data['path'] !== 'string')
    return errorText(WireError.is(reason) ? reason.message : reason).replace(/^Error: /, '');
  const { path, message = '', issues = [] } = reason.data as { path: string; message?: string; issues?: PlacedIssue[] };
  const [, first] = /\n--- Errors ---\n(.*)/.exec(message) ?? [];
  const found = issues.map((issue) => `${issue.message}${issue.line === undefined ? '' : ` (line ${issue.line})`}`);
  return `${path}: ${[first ?? errorText(message), ...found].filter(Boolean).join('; ')}`;
}

type PlacedIssue = Issue & { line?: number };
