import { Body, Logger, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LogInput } from '#libs/contract';
import { DirectoryParameter, OpencodeController, Operation } from '#libs/http';
import { answers } from '../answers.js';
import { logLine } from './log-line.js';

const METHODS = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;

/** Log lines of clients. */
@ApiTags('App')
@OpencodeController('log', { instance: false })
export class LogController {
  private readonly log = new Logger('Client');

  @Post()
  @DirectoryParameter()
  @Operation({ id: 'app.log', summary: 'Write a line to the log of the server', answer: answers.yes, errors: [400] })
  write(@Body() input: LogInput): boolean {
    this.log[METHODS[input.level]](logLine(input));
    return true;
  }
}
