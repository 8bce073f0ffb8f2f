import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CommandService } from '#libs/agent';
import type { Command } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** The slash commands of an instance. */
@ApiTags('App')
@OpencodeController('command')
export class CommandController {
  constructor(private readonly commands: CommandService) {}

  @Get()
  @Operation({ id: 'command.list', summary: 'List the slash commands', answer: answers.commands })
  list(@CurrentInstance() instance: Instance): Promise<Command[]> {
    return this.commands.list(instance);
  }
}
