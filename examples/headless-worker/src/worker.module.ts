import { Injectable, Module } from '@nestjs/common';
import { InstanceStore, OpencodeModule, SessionRunner, SessionService, SystemEnvironment } from 'opencode-nest';

/** What a cron job or a queue worker would call. */
@Injectable()
export class ReviewJob {
  constructor(
    private readonly instances: InstanceStore,
    private readonly sessions: SessionService,
    private readonly runner: SessionRunner,
  ) {}

  /** Resolves to the answer; rejects when the model failed. */
  async run(directory: string, task: string): Promise<string> {
    return this.instances.use(directory, async (instance) => {
      const session = await this.sessions.create(instance, { title: task });
      const { reply } = await this.runner.prompt(instance, session.id, { parts: [{ type: 'text', text: task }] });
      const { info, parts } = await reply;
      if (info.role === 'assistant' && info.error) throw new Error(JSON.stringify(info.error));
      return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    });
  }
}

@Module({
  imports: [
    OpencodeModule.forRoot({
      environment: new SystemEnvironment(process.env, process.cwd()),
      storage: 'memory',
      // nobody is there to ask
      asks: { deadline: 1, onDeadline: 'deny' },
    }),
  ],
  providers: [ReviewJob],
})
export class WorkerModule {}
