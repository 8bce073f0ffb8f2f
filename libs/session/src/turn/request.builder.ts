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
import type { RegisteredTool } from '#libs/tool';
import type { PreparedTurn } from './turn-preparation.js';

export interface StepConditions {
  /** The turn may make no further step. */
  last: boolean;
  /** The tools that the model is told of. */
  offered: readonly RegisteredTool[];
}

/** Turns the state of a conversation into the request for the next step. */
@Injectable()
export class RequestBuilder {
  constructor(
    private readonly providers: ProviderService,
    private readonly instructions: InstructionService,
    private readonly clock: Clock,
  ) {}

  async build(
    instance: Instance,
    { agent, model, conversation, structured }: PreparedTurn,
    { last, offered }: StepConditions,
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
      ...(await toolsOf(offered, model, { instance, agent })),
      ...settings,
    };
    return {
      model: await this.providers.languageModel(instance, model),
      options: structured?.shape(options, model) ?? options,
    };
  }
}

async function toolsOf(
  offered: readonly RegisteredTool[],
  model: Model,
  context: ToolDescriptionContext,
): Promise<Pick<StepRequest['options'], 'tools' | 'toolChoice'>> {
  if (offered.length === 0) return {};
  const tools = offered.map(async (tool) => ({
    type: 'function' as const,
    name: tool.id,
    description: await tool.describe(context),
    inputSchema: adaptSchema(tool.parameters, model),
  }));
  return { tools: await Promise.all(tools), toolChoice: { type: 'auto' } };
}
