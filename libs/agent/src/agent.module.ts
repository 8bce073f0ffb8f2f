import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { AgentService } from './agents/agent.service.js';
import { InstructionService } from './prompt/instruction.service.js';

/** Agents and what they are told. The loop itself is plain functions. */
@Module({
  imports: [ConfigModule],
  providers: [AgentService, InstructionService],
  exports: [AgentService, InstructionService],
})
export class AgentModule {}
