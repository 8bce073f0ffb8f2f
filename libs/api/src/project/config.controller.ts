import { Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConfigService } from '#libs/config';
import type { Config } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { answers } from '../answers.js';

/** The configuration of an instance. */
@ApiTags('Config')
@OpencodeController('config')
export class ConfigController {
  constructor(
    private readonly config: ConfigService,
    private readonly providers: ProviderService,
  ) {}

  @Get()
  @Operation({ id: 'config.get', summary: 'Get the configuration', answer: answers.config })
  get(@CurrentInstance() instance: Instance): Promise<Config> {
    return this.config.get(instance);
  }

  @Get('providers')
  @Operation({
    id: 'config.providers',
    summary: 'List the providers that can be used',
    answer: answers.configuredProviders,
  })
  @Header('content-type', 'application/json')
  configured(@CurrentInstance() instance: Instance): Promise<string> {
    return this.providers.configuredText(instance);
  }
}
