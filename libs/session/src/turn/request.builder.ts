import { Injectable } from '@nestjs/common';
import { platform } from 'node:os';
import { LAST_STEP_NOTE, STRUCTURED_OUTPUT_NOTE, type StepRequest, systemPrompt, toPrompt } from '#libs/agent';
import { InstructionService } from '#libs/config';
import { Clock } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { adaptPrompt, adaptSchema, ProviderService } from '#libs/provider';
import { type RegisteredTool, ToolDefinitions } from '#libs/tool';
import { PromptHooks } from './prompt-hooks.service.js';
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
    private readonly definitions: ToolDefinitions,
    private readonly hooks: PromptHooks,
  ) {}

  async build(
    instance: Instance,
    turn: PreparedTurn,
    { last, offered }: StepConditions,
  ): Promise<Pick<StepRequest, 'model' | 'options' | 'toError'>> {
    const { session, agent, model, conversation, structured } = turn;
    const { asked } = conversation;
    const { sessionID } = asked;
    const text = systemPrompt({
      instance,
      model,
      agentPrompt: agent.prompt,
      instructions: await this.instructions.load(instance),
      extra: [...(structured ? [STRUCTURED_OUTPUT_NOTE] : []), ...(asked.system ? [asked.system] : [])].join('\n'),
      now: this.clock.now(),
      platform: platform(),
    });
    const settings = await this.providers.callSettings(instance, model, {
      sessionID,
      requestID: asked.id,
      agent,
      variant: asked.variant,
      initiator: session.parentID === undefined && !conversation.isAnswered ? 'user' : 'agent',
      message: asked,
    });
    const history = await this.hooks.conversation(instance, turn);
    const system = await this.hooks.system(instance, { sessionID, model }, text);
    const prompt = [...system, ...toPrompt(history, model)];
    // a structured answer is itself a call
    if (last && !structured) prompt.push({ role: 'user', content: [{ type: 'text', text: LAST_STEP_NOTE }] });
    const options = {
      prompt: adaptPrompt(prompt, model),
      ...(await this.toolsOf(instance, turn, offered)),
      ...settings,
    };
    return {
      model: await this.providers.languageModel(instance, model),
      options: structured?.shape(options, model) ?? options,
      toError: (error) => this.providers.messageError(error, model),
    };
  }

  private async toolsOf(
    instance: Instance,
    { agent, model }: PreparedTurn,
    offered: readonly RegisteredTool[],
  ): Promise<Pick<StepRequest['options'], 'tools' | 'toolChoice'>> {
    if (offered.length === 0) return {};
    const definitions = await this.definitions.of(instance, offered, agent);
    const tools = definitions.map(({ id, description, parameters }) => ({
      type: 'function' as const,
      name: id,
      description,
      inputSchema: adaptSchema(parameters, model),
    }));
    return { tools, toolChoice: { type: 'auto' } };
  }
}
