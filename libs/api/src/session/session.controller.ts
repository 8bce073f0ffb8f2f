import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import {
  type Session,
  SessionCreateInput,
  SessionListQuery,
  type SessionStatus,
  SessionUpdateInput,
  type Todo,
} from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { SessionRunner, SessionService } from '#libs/session';
import { answers } from '../answers.js';
import { ANY_SESSION_ID, SessionParams } from '../path-params.dto.js';

/** Sessions, and what they are doing. */
@ApiTags('Session')
@OpencodeController('session')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly runner: SessionRunner,
  ) {}

  @Get()
  @Operation({
    id: 'session.list',
    summary: 'List the sessions of the project',
    answer: answers.sessions,
    errors: [400],
  })
  list(
    @CurrentInstance() instance: Instance,
    @Query() { directory, ...filters }: SessionListQuery,
  ): Promise<Session[]> {
    // named in the query the directory is a filter too; in the header it only chooses the instance
    return this.sessions.list(instance, directory ? { ...filters, directory: instance.directory } : filters);
  }

  @Post()
  @Operation({ id: 'session.create', summary: 'Create a session', answer: answers.session, errors: [400] })
  create(@CurrentInstance() instance: Instance, @Body() input: SessionCreateInput): Promise<Session> {
    return this.sessions.create(instance, input);
  }

  @Get('status')
  @Operation({
    id: 'session.status',
    summary: 'Get the status of the sessions that are not idle',
    answer: answers.statuses,
    errors: [400],
  })
  status(@CurrentInstance() instance: Instance): Promise<Record<string, SessionStatus>> {
    return this.runner.status(instance);
  }

  @Get(':sessionID')
  @Operation({ id: 'session.get', summary: 'Get a session', answer: answers.session, errors: [400, 404] })
  get(@Param() { sessionID }: SessionParams): Promise<Session> {
    return this.sessions.get(sessionID);
  }

  @Patch(':sessionID')
  @Operation({
    id: 'session.update',
    summary: 'Rename or archive a session',
    answer: answers.session,
    errors: [400, 404],
  })
  update(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: SessionUpdateInput,
  ): Promise<Session> {
    return this.sessions.update(instance, sessionID, input);
  }

  @Delete(':sessionID')
  @Operation({
    id: 'session.delete',
    summary: 'Delete a session with everything it holds',
    answer: answers.yes,
    errors: [400, 404],
  })
  async remove(@CurrentInstance() instance: Instance, @Param() { sessionID }: SessionParams): Promise<boolean> {
    await this.sessions.remove(instance, sessionID);
    return true;
  }

  @Get(':sessionID/children')
  @Operation({
    id: 'session.children',
    summary: 'List the sessions made by this one',
    answer: answers.sessions,
    errors: [400, 404],
  })
  children(@Param() { sessionID }: SessionParams): Promise<Session[]> {
    return this.sessions.children(sessionID);
  }

  @Get(':sessionID/todo')
  @ApiParam(ANY_SESSION_ID)
  @Operation({
    id: 'session.todo',
    summary: 'Get the todo list of a session',
    answer: answers.todos,
    errors: [400, 404],
  })
  todos(@Param('sessionID') sessionID: string): Promise<Todo[]> {
    return this.sessions.todos(sessionID);
  }

  @Post(':sessionID/abort')
  @ApiParam(ANY_SESSION_ID)
  @Operation({
    id: 'session.abort',
    summary: 'Stop what the session is doing',
    description: 'Answers true whatever it was doing, so that a client can always send it.',
    answer: answers.yes,
    errors: [400, 404],
  })
  async abort(@CurrentInstance() instance: Instance, @Param('sessionID') sessionID: string): Promise<boolean> {
    await this.runner.abort(instance, sessionID);
    return true;
  }
}
