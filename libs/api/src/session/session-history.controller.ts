import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FileDiff, RevertInput, type Session, SessionDiffQuery, SessionForkInput } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { DiffService, ForkService, RevertService, SharingService } from '#libs/session';
import { answers } from '../answers.js';
import { SessionParams } from '../path-params.dto.js';

/** What a session did, and going back in it. */
@ApiTags('Session')
@OpencodeController('session/:sessionID')
export class SessionHistoryController {
  constructor(
    private readonly forks: ForkService,
    private readonly diffs: DiffService,
    private readonly reverts: RevertService,
    private readonly sharing: SharingService,
  ) {}

  @Post('fork')
  @Operation({
    id: 'session.fork',
    summary: 'Copy a session',
    description: 'Makes a new session with the messages before the given one, or with all.',
    answer: answers.session,
    errors: [400, 404, 409],
  })
  fork(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() { messageID }: SessionForkInput,
  ): Promise<Session> {
    return this.forks.fork(instance, sessionID, messageID);
  }

  /** Of the whole session, whatever message is named. */
  @Get('diff')
  @Operation({
    id: 'session.diff',
    summary: 'Get what the session changed in the files',
    answer: answers.diff,
    errors: [400, 404],
  })
  diff(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Query() _query: SessionDiffQuery,
  ): Promise<FileDiff[]> {
    return this.diffs.ofSession(instance, sessionID);
  }

  @Post('revert')
  @Operation({
    id: 'session.revert',
    summary: 'Take back a message with everything after it',
    description: 'Undoes the changes in the files too. Nothing is lost before the next prompt.',
    answer: answers.session,
    errors: [400, 404, 409],
  })
  revert(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: RevertInput,
  ): Promise<Session> {
    return this.reverts.revert(instance, sessionID, input);
  }

  @Post('unrevert')
  @Operation({
    id: 'session.unrevert',
    summary: 'Bring back what was taken back',
    answer: answers.session,
    errors: [400, 404, 409],
  })
  unrevert(@CurrentInstance() instance: Instance, @Param() { sessionID }: SessionParams): Promise<Session> {
    return this.reverts.unrevert(instance, sessionID);
  }

  @Post('share')
  @Operation({ id: 'session.share', summary: 'Share a session', answer: answers.session, errors: [400, 404] })
  share(@CurrentInstance() instance: Instance, @Param() { sessionID }: SessionParams): Promise<Session> {
    return this.sharing.share(instance, sessionID);
  }

  @Delete('share')
  @Operation({ id: 'session.unshare', summary: 'Stop sharing a session', answer: answers.session, errors: [400, 404] })
  unshare(@CurrentInstance() instance: Instance, @Param() { sessionID }: SessionParams): Promise<Session> {
    return this.sharing.unshare(instance, sessionID);
  }
}
