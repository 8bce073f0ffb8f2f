import { Body, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { CommandInput, type MessageWithParts, SessionInitInput, ShellInput } from '#libs/contract';
import { AnswersLong, CurrentInstance, LongAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { CommandRunner, ShellRunner } from '#libs/session';
import { answers } from '../answers.js';
import { ANY_SESSION_ID, SessionParams } from '../path-params.dto.js';

/** Commands in a session: those of agents and those of a shell. */
@ApiTags('Session')
@OpencodeController('session/:sessionID')
export class SessionCommandController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly shell: ShellRunner,
  ) {}

  @Post('command')
  @AnswersLong()
  @ApiParam(ANY_SESSION_ID)
  @Operation({
    id: 'session.command',
    summary: 'Run a slash command and wait for the reply',
    answer: answers.assistantMessage,
    errors: [400, 404, 409],
  })
  async command(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: CommandInput,
  ): Promise<LongAnswer<MessageWithParts>> {
    const { reply } = await this.commands.run(instance, sessionID, input);
    return new LongAnswer(reply);
  }

  /** The reference documents the message alone and sends it with its parts; so does this. */
  @Post('shell')
  @AnswersLong()
  @ApiParam(ANY_SESSION_ID)
  @Operation({
    id: 'session.shell',
    summary: 'Run a shell command of the user',
    description:
      'Answers `{ info, parts }` when the command has ended: the message and the call that holds its output.',
    answer: answers.assistant,
    errors: [400, 404, 409],
  })
  async run(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: ShellInput,
  ): Promise<LongAnswer<MessageWithParts>> {
    const { reply } = await this.shell.run(instance, sessionID, input);
    return new LongAnswer(reply);
  }

  @Post('init')
  @AnswersLong()
  @ApiParam(ANY_SESSION_ID)
  @Operation({
    id: 'session.init',
    summary: 'Write AGENTS.md for the project',
    answer: answers.yes,
    errors: [400, 404, 409],
  })
  async init(
    @CurrentInstance() instance: Instance,
    @Param() { sessionID }: SessionParams,
    @Body() input: SessionInitInput,
  ): Promise<LongAnswer<boolean>> {
    const { reply } = await this.commands.init(instance, sessionID, input);
    return new LongAnswer(reply.then(() => true));
  }
}
