import { Injectable } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';

/** Whether sessions may be shared, and whether that waits until somebody asks for it. */
@Injectable()
export class SharePolicy {
  constructor(
    private readonly config: ConfigService,
    private readonly environment: Environment,
  ) {}

  async of(instance: Instance): Promise<'manual' | 'auto' | 'disabled'> {
    const { share = 'manual' } = await this.config.get(instance);
    if (share === 'disabled' || this.environment.flag('OPENCODE_DISABLE_SHARE')) return 'disabled';
    return this.environment.flag('OPENCODE_AUTO_SHARE') ? 'auto' : share;
  }
}
