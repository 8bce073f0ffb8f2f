import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProviderListResponse } from '#libs/contract';
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
  list(@CurrentInstance() instance: Instance): Promise<ProviderListResponse> {
    return this.providers.list(instance);
  }
}
