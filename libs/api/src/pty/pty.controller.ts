import { Body, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Pty, PtyConnectQuery, PtyCreateInput, PtyUpdateInput } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation, WebSocketAnswer, WebSocketRoute } from '#libs/http';
import type { Instance } from '#libs/instance';
import { PtyService } from '#libs/pty';
import { answers } from '../answers.js';
import { PtyParams } from '../path-params.dto.js';

/** Terminals. */
@ApiTags('Pty')
@OpencodeController('pty')
export class PtyController {
  constructor(private readonly terminals: PtyService) {}

  @Get()
  @Operation({ id: 'pty.list', summary: 'List the terminals', answer: answers.terminals })
  list(@CurrentInstance() instance: Instance): Pty[] {
    return this.terminals.list(instance);
  }

  @Post()
  @Operation({ id: 'pty.create', summary: 'Start a terminal', answer: answers.terminal, errors: [400] })
  create(@CurrentInstance() instance: Instance, @Body() input: PtyCreateInput): Promise<Pty> {
    return this.terminals.create(instance, input);
  }

  @Get(':ptyID')
  @Operation({ id: 'pty.get', summary: 'Get a terminal', answer: answers.terminal, errors: [404] })
  get(@CurrentInstance() instance: Instance, @Param() { ptyID }: PtyParams): Pty {
    return this.terminals.get(instance, ptyID);
  }

  @Put(':ptyID')
  @Operation({ id: 'pty.update', summary: 'Rename or resize a terminal', answer: answers.terminal, errors: [400, 404] })
  update(@CurrentInstance() instance: Instance, @Param() { ptyID }: PtyParams, @Body() input: PtyUpdateInput): Pty {
    return this.terminals.update(instance, ptyID, input);
  }

  @Delete(':ptyID')
  @Operation({
    id: 'pty.remove',
    summary: 'End a terminal and everything started in it',
    answer: answers.yes,
    errors: [404],
  })
  async remove(@CurrentInstance() instance: Instance, @Param() { ptyID }: PtyParams): Promise<boolean> {
    await this.terminals.remove(instance, ptyID);
    return true;
  }

  @WebSocketRoute(':ptyID/connect')
  @Operation({
    id: 'pty.connect',
    summary: 'Connect with a terminal by a WebSocket',
    description:
      'Text frames are output and input. The output so far comes first, from `cursor` on, then a binary frame of a ' +
      'zero byte and {"cursor":n}, the position in the output so far.',
    answer: answers.yes,
    errors: [404],
  })
  connect(
    @CurrentInstance() instance: Instance,
    @Param() { ptyID }: PtyParams,
    @Query() { cursor }: PtyConnectQuery,
  ): WebSocketAnswer {
    return new WebSocketAnswer(this.terminals.connector(instance, ptyID, cursor));
  }
}
