import { Module } from '@nestjs/common';
import { RipgrepRunner } from './ripgrep.runner.js';

/** Needs the ports ProcessRunner and Environment. */
@Module({ providers: [RipgrepRunner], exports: [RipgrepRunner] })
export class RipgrepModule {}
