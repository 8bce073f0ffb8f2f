import { Module } from '@nestjs/common';
import { AgentModule } from '#libs/agent';
import { ConfigModule } from '#libs/config';
import { PermissionModule } from '#libs/permission';
import { ProviderModule } from '#libs/provider';
import { ToolModule } from '#libs/tool';
import { MessageWriterFactory } from './message/message.writer.js';
import { PromptService } from './message/prompt.service.js';
import { UserMessageComposer } from './message/user-message.composer.js';
import { RequestBuilder } from './run/request.builder.js';
import { RunRegistry } from './run/run.registry.js';
import { RunWorld } from './run/run-world.js';
import { SessionRunner } from './run/session.runner.js';
import { SessionTurnFactory } from './run/session-turn.js';
import { ToolCallerFactory } from './run/tool-caller.js';
import { TurnPreparation } from './run/turn-preparation.js';
import { SessionService } from './session.service.js';
import { SessionStores } from './session.stores.js';
import { TitleService } from './title/title.service.js';

/** Sessions and the runs that answer their prompts. */
@Module({
  imports: [AgentModule, ConfigModule, PermissionModule, ProviderModule, ToolModule],
  providers: [
    MessageWriterFactory,
    PromptService,
    RequestBuilder,
    RunRegistry,
    RunWorld,
    SessionRunner,
    SessionService,
    SessionStores,
    SessionTurnFactory,
    TitleService,
    ToolCallerFactory,
    TurnPreparation,
    UserMessageComposer,
  ],
  exports: [SessionRunner, SessionService],
})
export class SessionModule {}
