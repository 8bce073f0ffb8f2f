import { Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { answers } from '../answers.js';

/** Language-model providers. */
@ApiTags('Provider')
@OpencodeController('provider')
export class ProviderController {
  constructor(private readonly providers: ProviderService) {}

  @Get()
  @Operation({
    id: 'provider.list',
    summary: 'List all known providers, and which are connected',
    answer: answers.providers,
  })
  @Header('content-type', 'application/json')
  list(@CurrentInstance() instance: Instance): Promise<string> {
    return this.providers.listText(instance);
  }
}
