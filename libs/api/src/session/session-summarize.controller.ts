import { Body, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SummarizeInput } from '#libs/contract';
import { AnswersLong, CurrentInstance, LongAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { SummarizeService } from '#libs/session';
import { answers } from '../answers.js';
import { SessionParams } from '../path-params.dto.js';

/** Makes a long conversation short. */
@ApiTags('Session')
@OpencodeController('session/:sessionID')
export class SessionSummarizeController {
  constructor(private readonly summaries: SummarizeService) {}

  @Post('summarize')
  @AnswersLong()
  @Operation({
    id: 'session.summarize',
    summary: 'Summarise the conversation',
    description: 'Answers when the summary is written. From then on the model reads it instead of what came before.',
    answer: answers.yes,
    errors: [400, 404, 409],
  })
  async summarize(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: SummarizeInput,
  ): Promise<LongAnswer<boolean>> {
    const { reply } = await this.summaries.summarize(instance, sessionID, input);
    return new LongAnswer(reply.then(() => true));
  }
}
