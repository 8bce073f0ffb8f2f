import { Injectable } from '@nestjs/common';
import { AgentService, CommandService } from '#libs/agent';
import type { Agent, Command, CommandInput, PromptInput, UserMessage } from '#libs/contract';
import { HookRegistry } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { parseModelName, ProviderService } from '#libs/provider';
import { CommandText } from './command-text.service.js';

/** Turns slash commands into prompts. */
@Injectable()
export class CommandPrompts {
  constructor(
    private readonly commands: CommandService,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly texts: CommandText,
    private readonly hooks: HookRegistry,
  ) {}

  /** Rejects with a WireError when the command, its agent or its model does not exist. */
  async of(instance: Instance, sessionID: string, input: CommandInput): Promise<PromptInput> {
    const prompt = await this.expand(instance, input);
    const context = { instance, sessionID, command: input.command, arguments: input.arguments };
    return { ...prompt, parts: await this.hooks.run('beforeCommand', prompt.parts, context) };
  }

  private async expand(instance: Instance, input: CommandInput): Promise<PromptInput> {
    const command = await this.commands.get(instance, input.command, input.arguments);
    const asked = command.agent ?? input.agent;
    const agent = asked === undefined ? await this.agents.default(instance) : await this.agents.get(instance, asked);
    const model = await this.model(instance, command, agent, input);
    const text = await this.texts.expand(instance, command, input.arguments);
    const common = {
      ...(input.messageID !== undefined && { messageID: input.messageID }),
      ...(input.variant !== undefined && { variant: input.variant }),
    };
    if (!isSubtask(command, agent)) {
      const parts = [{ type: 'text' as const, text: text.text }, ...text.mentioned, ...(input.parts ?? [])];
      return { ...common, agent: agent.name, ...(model && { model }), parts };
    }
    const part = {
      type: 'subtask' as const,
      agent: agent.name,
      description: command.description ?? command.name,
      command: command.name,
      ...(model && { model }),
      prompt: text.text,
    };
    // the answer to it is the work of the agent that was asked
    const own = input.model === undefined ? undefined : await this.known(instance, input.model);
    return {
      ...common,
      ...(input.agent !== undefined && { agent: input.agent }),
      ...(own && { model: own }),
      parts: [part],
    };
  }

  /** Undefined: the one the session uses. */
  private async model(
    instance: Instance,
    command: Command,
    agent: Agent,
    input: CommandInput,
  ): Promise<UserMessage['model'] | undefined> {
    if (command.model !== undefined) return this.known(instance, command.model);
    if (command.agent !== undefined && agent.model) return agent.model;
    return input.model === undefined ? undefined : this.known(instance, input.model);
  }

  private async known(instance: Instance, name: string): Promise<UserMessage['model']> {
    const model = parseModelName(name);
    await this.providers.model(instance, model);
    return model;
  }
}

const isSubtask = ({ subtask }: Command, agent: Agent) =>
  subtask === true || (agent.mode === 'subagent' && subtask !== false);
