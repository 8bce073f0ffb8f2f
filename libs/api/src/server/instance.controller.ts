import { Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import { type Instance, InstanceStore } from '#libs/instance';
import { answers } from '../answers.js';

/** The life of an instance. */
@ApiTags('Instance')
@OpencodeController('instance')
export class InstanceController {
  constructor(private readonly instances: InstanceStore) {}

  @Post('dispose')
  @Operation({
    id: 'instance.dispose',
    summary: 'Dispose the instance',
    description: 'Ends everything the instance owns. The next request makes a new one.',
    answer: answers.yes,
  })
  async dispose(@CurrentInstance() instance: Instance): Promise<boolean> {
    await this.instances.dispose(instance);
    return true;
  }
}
