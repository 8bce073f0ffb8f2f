import { Body, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { ConfigEditor, ConfigService } from '#libs/config';
import { Config, GlobalEvent, item, type Health } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Environment } from '#libs/extension';
import { EventStream, OpencodeController, Operation } from '#libs/http';
import { InstanceStore } from '#libs/instance';
import { answers } from '../answers.js';

/** The server as a whole. */
@ApiTags('Global')
@OpencodeController('global', { instance: false })
export class GlobalController {
  constructor(
    private readonly environment: Environment,
    private readonly instances: InstanceStore,
    private readonly bus: EventBus,
    private readonly config: ConfigService,
    private readonly editor: ConfigEditor,
  ) {}

  @Get('health')
  @Operation({ id: 'global.health', summary: 'Get health and API version', answer: answers.health })
  health(): Health {
    return { healthy: true, version: this.environment.version };
  }

  @EventStream('event', { envelope: (event) => `{"payload":${event}}` })
  @Operation({
    id: 'global.event',
    summary: 'Stream the events of all instances',
    answer: item.ref(() => GlobalEvent),
    type: 'text/event-stream',
  })
  events(): Observable<string> {
    return this.bus.all$.pipe(map((event) => event.globalText));
  }

  @Get('config')
  @Operation({ id: 'global.config.get', summary: 'Get the global configuration', answer: answers.config })
  globalConfig(): Promise<Config> {
    return this.config.global();
  }

  @Patch('config')
  @Operation({
    id: 'global.config.update',
    summary: 'Change the global configuration',
    description: 'Lays the body over the configuration file of the user; all instances start anew with it.',
    answer: answers.config,
    errors: [400],
  })
  updateConfig(@Body() patch: Config): Promise<Config> {
    return this.editor.updateGlobal(patch);
  }

  @Post('dispose')
  @Operation({ id: 'global.dispose', summary: 'Dispose all instances', answer: answers.yes })
  async dispose(): Promise<boolean> {
    await this.instances.disposeAll();
    this.bus.publishGlobal('global.disposed', {}, 'global');
    return true;
  }
}
