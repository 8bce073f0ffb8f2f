import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PermissionReplyInput, type PermissionRequest, PermissionRespondInput } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { PermissionService } from '#libs/permission';
import { SessionAsks } from '#libs/session';
import { answers } from '../answers.js';
import { PermissionParams, SessionParams, SessionPermissionParams } from '../path-params.dto.js';

/** What agents ask leave for. */
@ApiTags('Permission')
@OpencodeController()
export class PermissionController {
  constructor(
    private readonly permissions: PermissionService,
    private readonly asks: SessionAsks,
  ) {}

  @Get('permission')
  @Operation({
    id: 'permission.list',
    summary: 'List the permission requests that wait for an answer',
    answer: answers.permissions,
  })
  list(@CurrentInstance() instance: Instance): PermissionRequest[] {
    return this.permissions.list(instance);
  }

  @Get('session/:sessionID/permission')
  @Operation({
    id: 'session.permissions',
    summary: 'List the permission requests of a session and of all sessions that work for it',
    answer: answers.permissions,
    errors: [400, 404],
  })
  listOfSession(@Param() { sessionID }: SessionParams): Promise<PermissionRequest[]> {
    return this.asks.listPermissions(sessionID);
  }

  @Post('permission/:requestID/reply')
  @Operation({
    id: 'permission.reply',
    summary: 'Answer a permission request',
    answer: answers.yes,
    errors: [400, 404],
  })
  reply(@Param() { requestID }: PermissionParams, @Body() { reply, message }: PermissionReplyInput): boolean {
    this.permissions.reply(requestID, reply, message);
    return true;
  }

  @Post('session/:sessionID/permissions/:permissionID')
  @Operation({
    id: 'permission.respond',
    summary: 'Answer a permission request',
    description: 'The older form of permission.reply; the session is not looked at.',
    answer: answers.yes,
    errors: [400, 404],
    deprecated: true,
  })
  respond(@Param() { permissionID }: SessionPermissionParams, @Body() { response }: PermissionRespondInput): boolean {
    this.permissions.reply(permissionID, response);
    return true;
  }
}
