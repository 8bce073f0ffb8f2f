import { Module } from '@nestjs/common';
import { RipgrepModule } from './ripgrep/ripgrep.module.js';

@Module({ imports: [RipgrepModule] })
export class FileModule {}
