import { Body, Get, Header, Logger, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageListQuery, type MessageWithParts, PromptInput } from '#libs/contract';
import { AnswersLong, CurrentInstance, LongAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { HistoryService, SessionRunner } from '#libs/session';
import { answers } from '../answers.js';
import { MessageParams, SessionParams } from '../path-params.dto.js';

/** The conversation of a session. */
@ApiTags('Session')
@OpencodeController('session/:sessionID')
export class SessionMessageController {
  private readonly log = new Logger(SessionMessageController.name);

  constructor(
    private readonly histories: HistoryService,
    private readonly runner: SessionRunner,
  ) {}

  /** Sends the stored text as it is: a history is not parsed to be listed. */
  @Get('message')
  @Header('content-type', 'application/json')
  @Operation({
    id: 'session.messages',
    summary: 'List the messages of a session with their parts',
    answer: answers.messages,
    errors: [400, 404],
  })
  list(@Param() { sessionID }: SessionParams, @Query() query: MessageListQuery): Promise<string> {
    return this.histories.text(sessionID, query);
  }

  @Get('message/:messageID')
  @Operation({
    id: 'session.message',
    summary: 'Get a message with its parts',
    answer: answers.message,
    errors: [400, 404],
  })
  get(@Param() { sessionID, messageID }: MessageParams): Promise<MessageWithParts> {
    return this.histories.message(sessionID, messageID);
  }

  /**
   * Answers when the reply is complete. By then its events are on the sockets of the open streams: clients take the
   * answer for the end of the reply. The run goes on when the client hangs up.
   */
  @Post('message')
  @AnswersLong()
  @Operation({
    id: 'session.prompt',
    summary: 'Send a message and wait for the reply',
    answer: answers.assistantMessage,
    errors: [400, 404, 409],
  })
  async prompt(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: PromptInput,
  ): Promise<LongAnswer<MessageWithParts>> {
    const { reply } = await this.runner.prompt(instance, sessionID, input);
    return new LongAnswer(reply);
  }

  @Post('prompt_async')
  @Operation({
    id: 'session.prompt_async',
    summary: 'Send a message without waiting for the reply',
    description: 'Answers when the message is stored; the reply is told by events.',
    errors: [400, 404, 409],
  })
  async promptAsync(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: PromptInput,
  ): Promise<void> {
    const { reply } = await this.runner.prompt(instance, sessionID, input);
    reply.catch((error: unknown) => this.log.warn(`The reply in ${sessionID} failed: ${String(error)}`));
  }
}
