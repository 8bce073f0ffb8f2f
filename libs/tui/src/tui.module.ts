import { Module } from '@nestjs/common';
import { TuiControl } from './tui-control.service.js';
import { TuiService } from './tui.service.js';

/** Control of terminal clients. */
@Module({ providers: [TuiControl, TuiService], exports: [TuiControl, TuiService] })
export class TuiModule {}
