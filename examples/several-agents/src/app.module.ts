import { Controller, Get, Module } from '@nestjs/common';
import { join } from 'node:path';
import {
  AgentTool,
  InjectAgent,
  InstanceStore,
  IsolatedAgent,
  OpencodeHttpModule,
  OpencodeModule,
  SessionService,
  StringField,
  SystemEnvironment,
} from 'opencode-nest';

class TicketInput {
  @StringField({ description: 'Number of the ticket' })
  ticket: string;
}

@AgentTool({ id: 'close_ticket', description: 'Closes a ticket.', input: TicketInput })
class CloseTicketTool {
  async execute({ ticket }: TicketInput) {
    return { title: ticket, output: `Ticket ${ticket} is closed.` };
  }
}

@Module({ providers: [CloseTicketTool] })
class TicketsModule {}

/** Each has a home of its own, so their configuration, keys and data differ. */
const environment = (name: string) =>
  new SystemEnvironment({ ...process.env, HOME: join(process.env.HOME ?? '/tmp', 'agents', name) }, process.cwd());

const support = OpencodeModule.forRoot({
  isolated: 'support',
  environment: environment('support'),
  storage: 'memory',
  modules: [TicketsModule],
});
const builder = OpencodeModule.forRoot({
  isolated: 'builder',
  environment: environment('builder'),
  storage: 'memory',
});

/** Your own code works with both. */
@Controller('load')
class LoadController {
  constructor(
    @InjectAgent('support') private readonly support: IsolatedAgent,
    @InjectAgent('builder') private readonly builder: IsolatedAgent,
  ) {}

  @Get()
  async load(): Promise<Record<string, number>> {
    const entries = [this.support, this.builder].map(async (agent) => {
      const list = await agent
        .get(InstanceStore)
        .use(process.cwd(), (instance) => agent.get(SessionService).list(instance));
      return [agent.name, list.length] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

@Module({
  imports: [
    support,
    builder,
    OpencodeHttpModule.forRoot({ for: support, prefix: 'support' }),
    OpencodeHttpModule.forRoot({ for: builder, prefix: 'builder' }),
  ],
  controllers: [LoadController],
})
export class AppModule {}
