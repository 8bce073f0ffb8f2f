import { Body, Get, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { documentSchema, item, type TuiControlRequest } from '#libs/contract';
import { AnswersLong, ClientSignal, CurrentInstance, LongAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { TuiControl } from '#libs/tui';
import { answers } from '../answers.js';

/** The queue of requests from this server to terminal clients. */
@ApiTags('Tui')
@OpencodeController('tui/control')
export class TuiControlController {
  constructor(private readonly control: TuiControl) {}

  @Get('next')
  @AnswersLong()
  @Operation({ id: 'tui.control.next', summary: 'Wait for the next request', answer: answers.tuiRequest })
  next(@CurrentInstance() instance: Instance, @ClientSignal() client: AbortSignal): LongAnswer<TuiControlRequest> {
    return new LongAnswer(this.control.next(AbortSignal.any([client, instance.signal])));
  }

  @Post('response')
  @ApiBody({ required: false, schema: documentSchema(item.any()) })
  @Operation({ id: 'tui.control.response', summary: 'Answer a request', answer: answers.yes, errors: [400] })
  respond(@Body() body: unknown): boolean {
    this.control.respond(body);
    return true;
  }
}
