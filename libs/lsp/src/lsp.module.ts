import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { FormatterService } from './formatter/formatter.service.js';
import { ServerInstaller } from './install/server-installer.service.js';
import { LspService } from './lsp.service.js';
import { CodeQueryService } from './query/code-query.service.js';
import { ServerPoolStore } from './server/server-pool.store.js';
import { ServerStarter } from './server/server-starter.service.js';

/**
 * Language servers and formatters. Needs the EventBus and the ports Clock, Environment, PackageInstaller and
 * ProcessRunner from global modules.
 */
@Module({
  imports: [ConfigModule],
  providers: [FormatterService, LspService, CodeQueryService, ServerInstaller, ServerPoolStore, ServerStarter],
  exports: [FormatterService, LspService, CodeQueryService],
})
export class LspModule {}
