import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentInstance, LargeAnswer, OpencodeController, Operation } from '#libs/http';
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
  @LargeAnswer()
  list(@CurrentInstance() instance: Instance): Promise<string> {
    return this.providers.listText(instance);
  }
}
