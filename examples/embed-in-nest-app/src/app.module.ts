import { type CanActivate, type ExecutionContext, Get, Injectable, Logger, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OnEvent } from '@nestjs/event-emitter';
import {
  CurrentInstance,
  HttpModule,
  type Instance,
  item,
  OpencodeController,
  OpencodeHttpModule,
  OpencodeModule,
  Operation,
  type PublishedEvent,
  SessionService,
  StringField,
  SystemEnvironment,
} from 'opencode-nest';

/** Your own guard protects your routes and those of the agent. */
@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    return headers.authorization === `Bearer ${process.env.APP_TOKEN ?? 'sesame'}`;
  }
}

class Summary {
  @StringField({ description: 'The project directory' })
  directory: string;

  @StringField({ description: 'Titles of its sessions' })
  titles: string;
}

/** A route of your own under the rules of the others: directory, validation, errors, documentation. */
@OpencodeController('summary')
class SummaryController {
  constructor(private readonly sessions: SessionService) {}

  @Get()
  @Operation({ id: 'summary.get', summary: 'Which sessions there are', answer: item.ref(() => Summary) })
  async get(@CurrentInstance() instance: Instance): Promise<Summary> {
    const sessions = await this.sessions.list(instance);
    return { directory: instance.directory, titles: sessions.map(({ title }) => title).join(', ') };
  }
}

@Injectable()
export class Audit {
  readonly lines: string[] = [];
  private readonly log = new Logger(Audit.name);

  @OnEvent('session.idle')
  onIdle({ directory, properties }: PublishedEvent<'session.idle'>): void {
    this.lines.push(properties.sessionID);
    this.log.log(`${properties.sessionID} is done in ${directory}`);
  }
}

@Module({
  imports: [
    OpencodeModule.forRoot({
      environment: new SystemEnvironment(process.env, process.cwd()),
      storage: 'memory',
      isGlobal: true,
    }),
    OpencodeHttpModule.forRoot({ prefix: 'agent' }),
    HttpModule,
  ],
  controllers: [SummaryController],
  providers: [Audit, { provide: APP_GUARD, useClass: TokenGuard }],
})
export class AppModule {}
