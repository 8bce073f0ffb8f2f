import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AgentService } from '#libs/agent';
import type { Agent } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** The agents of an instance. */
@ApiTags('App')
@OpencodeController('agent')
export class AgentController {
  constructor(private readonly agents: AgentService) {}

  @Get()
  @Operation({ id: 'app.agents', summary: 'List the agents', answer: answers.agents })
  list(@CurrentInstance() instance: Instance): Promise<Agent[]> {
    return this.agents.list(instance);
  }
}
