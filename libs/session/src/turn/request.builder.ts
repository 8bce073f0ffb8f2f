import { Injectable } from '@nestjs/common';
import { platform } from 'node:os';
import {
  InstructionService,
  LAST_STEP_NOTE,
  STRUCTURED_OUTPUT_NOTE,
  type StepRequest,
  systemPrompt,
  toPrompt,
} from '#libs/agent';
import type { Model } from '#libs/contract';
import { Clock, type ToolDescriptionContext } from '#libs/extension';
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

  /** @param last the turn may make no further step: the tools are withdrawn */
  async build(
    instance: Instance,
    { agent, model, tools, conversation, structured }: PreparedTurn,
    last: boolean,
  ): Promise<Pick<StepRequest, 'model' | 'options'>> {
    const { asked, history } = conversation;
    const system = systemPrompt({
      instance,
      model,
      agentPrompt: agent.prompt,
      instructions: await this.instructions.load(instance),
      extra: [...(structured ? [STRUCTURED_OUTPUT_NOTE] : []), ...(asked.system ? [asked.system] : [])].join('\n'),
      now: this.clock.now(),
      platform: platform(),
    });
    const settings = await this.providers.callSettings(instance, model, {
      sessionID: asked.sessionID,
      requestID: asked.id,
      agent,
      variant: asked.variant,
    });
    const prompt = [{ role: 'system' as const, content: system }, ...toPrompt(history, model)];
    // a structured answer is itself a call
    if (last && !structured) prompt.push({ role: 'user', content: [{ type: 'text', text: LAST_STEP_NOTE }] });
    const options = {
      prompt: adaptPrompt(prompt, model),
      ...(!last && (await this.offer(tools.offered, model, { instance, agent }))),
      ...settings,
    };
    return {
      model: await this.providers.languageModel(instance, model),
      options: structured?.shape(options, model) ?? options,
    };
  }

  private async offer(
    names: readonly string[],
    model: Model,
    context: ToolDescriptionContext,
  ): Promise<Pick<StepRequest['options'], 'tools' | 'toolChoice'>> {
    const offers = names.map(async (name) => {
      const tool = this.tools.get(name);
      if (!tool) return [];
      const inputSchema = adaptSchema(tool.parameters, model);
      return [{ type: 'function' as const, name, description: await tool.describe(context), inputSchema }];
    });
    const tools = (await Promise.all(offers)).flat();
    return tools.length > 0 ? { tools, toolChoice: { type: 'auto' } } : {};
  }
}
