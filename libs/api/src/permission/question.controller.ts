import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { QuestionReplyInput, type QuestionRequest } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { QuestionService } from '#libs/permission';
import { SessionAsks } from '#libs/session';
import { answers } from '../answers.js';
import { QuestionParams, SessionParams } from '../path-params.dto.js';

/** What agents ask the user. */
@ApiTags('Question')
@OpencodeController()
export class QuestionController {
  constructor(
    private readonly questions: QuestionService,
    private readonly asks: SessionAsks,
  ) {}

  @Get('question')
  @Operation({ id: 'question.list', summary: 'List the questions that wait for answers', answer: answers.questions })
  list(@CurrentInstance() instance: Instance): QuestionRequest[] {
    return this.questions.list(instance);
  }

  @Get('session/:sessionID/question')
  @Operation({
    id: 'session.questions',
    summary: 'List the questions of a session and of all sessions that work for it',
    answer: answers.questions,
    errors: [400, 404],
  })
  listOfSession(@Param() { sessionID }: SessionParams): Promise<QuestionRequest[]> {
    return this.asks.listQuestions(sessionID);
  }

  @Post('question/:requestID/reply')
  @Operation({
    id: 'question.reply',
    summary: 'Answer the questions of a request',
    description: 'A list of labels per question; text that is no label is an answer of the user’s own.',
    answer: answers.yes,
    errors: [400, 404],
  })
  reply(@Param() { requestID }: QuestionParams, @Body() { answers: given }: QuestionReplyInput): boolean {
    this.questions.reply(requestID, given);
    return true;
  }

  @Post('question/:requestID/reject')
  @Operation({ id: 'question.reject', summary: 'Dismiss a question request', answer: answers.yes, errors: [400, 404] })
  reject(@Param() { requestID }: QuestionParams): boolean {
    this.questions.reject(requestID);
    return true;
  }
}
