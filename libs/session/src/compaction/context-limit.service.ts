import { Injectable } from '@nestjs/common';
import { isContextFull } from '#libs/agent';
import { ConfigService } from '#libs/config';
import type { Model, TokenUsage } from '#libs/contract';
import { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { OUTPUT_TOKEN_MAX } from '#libs/provider';

/** What the configuration says about conversations that become too long. */
@Injectable()
export class ContextLimitService {
  constructor(
    private readonly config: ConfigService,
    private readonly environment: Environment,
  ) {}

  /** Whether the server summarises by itself. */
  async isAutomatic(instance: Instance): Promise<boolean> {
    return (await this.config.get(instance)).compaction?.auto !== false;
  }

  /** Whether old tool outputs are withheld from the model. */
  async prunes(instance: Instance): Promise<boolean> {
    return (await this.config.get(instance)).compaction?.prune !== false;
  }

  /** Whether a step with these tokens leaves no room for another, and the server is to do something about it. */
  async isFull(instance: Instance, tokens: TokenUsage, model: Model): Promise<boolean> {
    const { compaction } = await this.config.get(instance);
    if (compaction?.auto === false) return false;
    const outputTokenMax =
      this.environment.positiveInteger('OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX') ?? OUTPUT_TOKEN_MAX;
    return isContextFull(tokens, model.limit, {
      outputTokenMax,
      ...(compaction?.reserved !== undefined && { reserved: compaction.reserved }),
    });
  }
}
