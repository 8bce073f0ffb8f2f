import { Module } from '@nestjs/common';
import { NodePtyRunner } from './node-pty-runner.adapter.js';
import { PtyService } from './pty.service.js';
import { TerminalStarts } from './terminal-starts.service.js';
import { TerminalRunner } from './terminal-runner.port.js';

/** Terminals. */
@Module({
  providers: [PtyService, TerminalStarts, { provide: TerminalRunner, useClass: NodePtyRunner }],
  exports: [PtyService],
})
export class PtyModule {}
