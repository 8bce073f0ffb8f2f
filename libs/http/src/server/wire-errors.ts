import type { INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WireErrorFilter } from '../error/wire-error.filter.js';

/**
 * Answers unknown routes and requests that reach no controller with typed JSON too. For a server that serves nothing
 * but the wire contract: the filter is bound to the whole application.
 */
export function useWireErrors(app: INestApplication): void {
  app.useGlobalFilters(new WireErrorFilter(app.get(HttpAdapterHost)));
}
