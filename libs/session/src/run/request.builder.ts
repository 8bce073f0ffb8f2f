import { Injectable } from '@nestjs/common';
import { platform } from 'node:os';
import { InstructionService, type StepRequest, systemPrompt, toPrompt } from '#libs/agent';
import type { Model, UserMessage } from '#libs/contract';
import { Clock } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { adaptPrompt, adaptSchema, ProviderService } from '#libs/provider';
import { ToolRegistry } from '#libs/tool';
import type { PreparedTurn } from './turn-preparation.js';

/** Turns the state of a conversation into the request for the next step. */
@Injectable()
export class RequestBuilder {
  constructor(
    private readonly providers: ProviderService,
    private readonly instructions: InstructionService,
    private readonly tools: ToolRegistry,
    private readonly clock: Clock,
  ) {}

  async build(
    instance: Instance,
    user: UserMessage,
    { agent, model, tools, history }: PreparedTurn,
  ): Promise<Pick<StepRequest, 'model' | 'options'>> {
    const system = systemPrompt({
      instance,
      model,
      agentPrompt: agent.prompt,
      instructions: await this.instructions.load(instance),
      extra: user.system,
      now: this.clock.now(),
      platform: platform(),
    });
    const settings = await this.providers.callSettings(instance, model, {
      sessionID: user.sessionID,
      requestID: user.id,
      agent,
      variant: user.variant,
    });
    return {
      model: await this.providers.languageModel(instance, model),
      options: {
        prompt: adaptPrompt([{ role: 'system', content: system }, ...toPrompt(history, model)], model),
        ...this.offer(tools.offered, model),
        ...settings,
      },
    };
  }

  private offer(names: readonly string[], model: Model): Pick<StepRequest['options'], 'tools' | 'toolChoice'> {
    const tools = names.flatMap((name) => {
      const tool = this.tools.get(name);
      if (!tool) return [];
      const inputSchema = adaptSchema(tool.parameters, model);
      return [{ type: 'function' as const, name, description: tool.description, inputSchema }];
    });
    return tools.length > 0 ? { tools, toolChoice: { type: 'auto' } } : {};
  }
}
