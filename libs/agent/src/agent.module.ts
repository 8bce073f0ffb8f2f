import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { AgentDiscoveryModule } from '#libs/extension';
import { AgentService } from './agents/agent.service.js';
import { CommandSourceRegistry } from './commands/command-source.registry.js';
import { CommandService } from './commands/command.service.js';

/** Agents and what they are told. The loop itself is plain functions. */
@Module({
  imports: [ConfigModule, AgentDiscoveryModule],
  providers: [AgentService, CommandService, CommandSourceRegistry],
  exports: [AgentService, CommandService],
})
export class AgentModule {}
