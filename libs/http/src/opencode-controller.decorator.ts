import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiExtension, ApiQuery } from '@nestjs/swagger';
import { AuthenticationGuard } from './authentication.guard.js';
import { DOCUMENTED } from './document/open-api-document.js';
import { WireErrorFilter } from './error/wire-error.filter.js';
import { InputPipe } from './input/input.pipe.js';
import { JsonBodyGuard } from './input/json-body.guard.js';
import { InstanceGuard } from './scope/instance.guard.js';
import { EventsFirstInterceptor } from './stream/events-first.interceptor.js';

/** @publicApi */
export interface OpencodeControllerOptions {
  /** False: the routes belong to the whole server, the request chooses no directory. Default true. */
  instance?: boolean;
}

/**
 * A controller of the wire contract: its requests choose an instance ({@link CurrentInstance}), its DTO arguments are
 * validated, its errors answered as clients expect, its routes documented under `/doc`. Everything is bound here and
 * nothing globally, so that a host application keeps its own guards, pipes and filters.
 *
 * @example
 * @OpencodeController('acme')
 * export class AcmeController {
 *   @Get('status') @Operation({ id: 'acme.status', summary: 'Acme status', answer: item.ref(() => AcmeStatus) })
 *   status(@CurrentInstance() instance: Instance) { return this.acme.status(instance); }
 * }
 * @publicApi
 */
export function OpencodeController(path = '', { instance = true }: OpencodeControllerOptions = {}): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AuthenticationGuard, JsonBodyGuard, ...(instance ? [InstanceGuard] : [])),
    UsePipes(InputPipe),
    UseInterceptors(EventsFirstInterceptor),
    UseFilters(WireErrorFilter),
    ApiExtension(DOCUMENTED, true),
    ...(instance ? [DirectoryParameter()] : []),
  );
}

/** Documents `?directory=`, on a class or a single route. */
export const DirectoryParameter = (): ClassDecorator & MethodDecorator =>
  ApiQuery({
    name: 'directory',
    required: false,
    description: 'Project directory; the header x-opencode-directory does the same',
    schema: { type: 'string' },
  });
