import { Injectable } from '@nestjs/common';
import { AgentService } from '#libs/agent';
import {
  type Agent,
  ConflictError,
  type Message,
  type Model,
  type PromptInput,
  type UserMessage,
} from '#libs/contract';
import { DuplicateIdError, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { compileOutputSchema } from '../output/output-schema.js';
import { UserMessageComposer } from './user-message.composer.js';
import { type UserMessageWithParts, UserMessageWriter } from './user-message.writer.js';

/** Checks prompts and writes them as user messages. */
@Injectable()
export class PromptService {
  constructor(
    private readonly messages: MessageStore,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly composer: UserMessageComposer,
    private readonly users: UserMessageWriter,
  ) {}

  /** All or nothing: rejects with a WireError before anything is stored or published. */
  async write(instance: Instance, sessionID: string, input: PromptInput): Promise<UserMessageWithParts> {
    return this.store(instance, await this.make(instance, sessionID, input));
  }

  /** Whether hooks look at prompts of an instance. They may write to the session themselves, so nothing is held meanwhile. */
  asksHooks(instance: Instance): boolean {
    return this.composer.asksHooks(instance);
  }

  /** Checks a prompt and makes its message, which is not stored. Rejects with a WireError or a HookError. */
  async make(instance: Instance, sessionID: string, input: PromptInput): Promise<UserMessageWithParts> {
    const { messageID } = input;
    if (messageID !== undefined && (await this.messages.has(messageID))) throw taken(messageID);
    if (input.format?.type === 'json_schema') await compileOutputSchema(input.format.schema);
    const agent =
      input.agent === undefined ? await this.agents.default(instance) : await this.agents.get(instance, input.agent);
    const newest = await this.users.newest(sessionID);
    const { id: modelID, providerID, variants } = await this.chooseModel(instance, newest, agent, input.model);
    // one that the prompt names is kept whatever it is, that of the agent may be meant for another model
    const own = agent.variant !== undefined && Object.hasOwn(variants ?? {}, agent.variant) ? agent.variant : undefined;
    const message = {
      sessionID,
      agent: agent.name,
      model: { providerID, modelID },
      ...given({ ...input, variant: input.variant ?? own }, ['variant', 'system', 'tools', 'format']),
    };
    const info = this.users.create(message, newest, messageID);
    await this.checkSubtasks(instance, input.parts);
    return this.composer.compose(instance, info, agent, input);
  }

  /** A message that was made, behind what its session holds by now. */
  async behindAll({ info, parts }: UserMessageWithParts): Promise<UserMessageWithParts> {
    return { info: this.users.create(info, await this.users.newest(info.sessionID), info.id), parts };
  }

  /** Stores and publishes a message that was made. */
  async store(instance: Instance, message: UserMessageWithParts): Promise<UserMessageWithParts> {
    try {
      await this.users.save(instance, message);
    } catch (error) {
      throw DuplicateIdError.is(error) ? taken(error.id) : error;
    }
    return message;
  }

  private async checkSubtasks(instance: Instance, parts: PromptInput['parts']): Promise<void> {
    for (const part of parts) {
      if (part.type !== 'subtask') continue;
      await this.agents.get(instance, part.agent);
      if (part.model) await this.providers.model(instance, part.model);
    }
  }

  /** The prompt's model, the agent's, the one used last in the session, or the default; always one that exists. */
  private async chooseModel(
    instance: Instance,
    newest: Message | undefined,
    agent: Agent,
    asked: UserMessage['model'] | undefined,
  ): Promise<Model> {
    const choice = asked ?? agent.model ?? (newest && modelOf(newest));
    return this.providers.model(instance, choice ?? (await this.providers.defaultModel(instance)));
  }
}

const modelOf = (message: Message): UserMessage['model'] =>
  message.role === 'user' ? message.model : { providerID: message.providerID, modelID: message.modelID };

const taken = (id: string) => new ConflictError(`${id} exists already; leave the id out or make a new one`);

/** The fields that have a value. */
function given<T extends object, K extends keyof T>(input: T, keys: readonly K[]): Partial<Pick<T, K>> {
  const entries = keys.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]);
  return Object.fromEntries(entries) as Partial<Pick<T, K>>;
}
