import { Injectable } from '@nestjs/common';
import { AgentService, CommandService, splitModel } from '#libs/agent';
import {
  type Agent,
  type Command,
  type CommandInput,
  type MessageWithParts,
  type PromptInput,
  type SessionInitInput,
  type UserMessage,
  WireError,
} from '#libs/contract';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { CommandText } from './command-text.service.js';
import { CommandWorld } from './command-world.js';

const INIT = 'init';

/** Runs slash commands. @publicApi */
@Injectable()
export class CommandRunner {
  constructor(
    private readonly commands: CommandService,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly texts: CommandText,
    private readonly world: CommandWorld,
  ) {}

  /**
   * Resolves when the prompt is stored; `reply` is the answer. Rejects with a WireError, and nothing stored, when the
   * session, command, agent or model does not exist.
   */
  async run(instance: Instance, sessionID: string, input: CommandInput): Promise<{ reply: Promise<MessageWithParts> }> {
    await this.world.sessions.get(sessionID);
    const prompt = await this.told(instance, sessionID, () => this.prompt(instance, input));
    const { reply } = await this.world.runner.prompt(instance, sessionID, prompt);
    const done = this.finish(instance, sessionID, input, reply);
    // the caller may not care for the reply
    done.catch(() => undefined);
    return { reply: done };
  }

  private async finish(
    instance: Instance,
    sessionID: string,
    input: CommandInput,
    reply: Promise<MessageWithParts>,
  ): Promise<MessageWithParts> {
    const answer = await reply;
    if (input.command === INIT && isDone(answer)) await this.world.projects.markInitialized(instance);
    this.world.bus.publish(instance, 'command.executed', {
      name: input.command,
      sessionID,
      arguments: input.arguments,
      messageID: answer.info.id,
    });
    return answer;
  }

  /** The command that writes AGENTS.md. */
  init(instance: Instance, sessionID: string, input: SessionInitInput): Promise<{ reply: Promise<MessageWithParts> }> {
    const { providerID, modelID, messageID } = input;
    const model = `${providerID}/${modelID}`;
    return this.run(instance, sessionID, { command: INIT, arguments: '', model, messageID });
  }

  private async prompt(instance: Instance, input: CommandInput): Promise<PromptInput> {
    const command = await this.commands.get(instance, input.command);
    const asked = command.agent ?? input.agent;
    const agent = asked === undefined ? await this.agents.default(instance) : await this.agents.get(instance, asked);
    const model = await this.model(instance, command, agent, input);
    const text = await this.texts.expand(instance, command.template, input.arguments);
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
    const model = splitModel(name);
    await this.providers.model(instance, model);
    return model;
  }

  /** Clients that do not read the answer of this request show the event. */
  private async told<T>(instance: Instance, sessionID: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { message } = WireError.from(error);
      this.world.bus.publish(instance, 'session.error', {
        sessionID,
        error: { name: 'UnknownError', data: { message } },
      });
      throw error;
    }
  }
}

const isSubtask = ({ subtask }: Command, agent: Agent) =>
  subtask === true || (agent.mode === 'subagent' && subtask !== false);

const isDone = ({ info }: MessageWithParts) => info.role === 'assistant' && !info.error;
