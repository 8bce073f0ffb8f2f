import { Body, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConfigEditor, ConfigReload } from '#libs/config';
import { Config } from '#libs/contract';
import { CurrentInstance, LargeAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { answers } from '../answers.js';

/** The configuration of an instance. */
@ApiTags('Config')
@OpencodeController('config')
export class ConfigController {
  constructor(
    private readonly reload: ConfigReload,
    private readonly editor: ConfigEditor,
    private readonly providers: ProviderService,
  ) {}

  @Get()
  @Operation({ id: 'config.get', summary: 'Get the configuration', answer: answers.config })
  get(@CurrentInstance() instance: Instance): Promise<Config> {
    return this.reload.latest(instance);
  }

  @Patch()
  @Operation({
    id: 'config.update',
    summary: 'Change the configuration of the project',
    description: 'Lays the body over the configuration file of the directory; the instance starts anew with it.',
    answer: answers.config,
    errors: [400],
  })
  update(@CurrentInstance() instance: Instance, @Body() patch: Config): Promise<Config> {
    // the request itself holds the instance
    return this.editor.updateProject(instance, patch, 1);
  }

  @Get('providers')
  @Operation({
    id: 'config.providers',
    summary: 'List the providers that can be used',
    answer: answers.configuredProviders,
  })
  @LargeAnswer()
  configured(@CurrentInstance() instance: Instance): Promise<string> {
    return this.providers.configuredText(instance);
  }
}
