import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ConfigModule } from '#libs/config';
import { AgentService } from './agents/agent.service.js';
import { CommandSourceRegistry } from './commands/command-source.registry.js';
import { CommandService } from './commands/command.service.js';
import { InstructionService } from './prompt/instruction.service.js';

/** Agents and what they are told. The loop itself is plain functions. */
@Module({
  imports: [ConfigModule, DiscoveryModule],
  providers: [AgentService, CommandService, CommandSourceRegistry, InstructionService],
  exports: [AgentService, CommandService, InstructionService],
})
export class AgentModule {}
