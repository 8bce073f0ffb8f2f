import { Injectable } from '@nestjs/common';
import { AgentService } from '#libs/agent';
import {
  type Agent,
  ConflictError,
  createId,
  type Message,
  type MessageWithParts,
  type Part,
  type PromptInput,
  type UserMessage,
} from '#libs/contract';
import { Clock, DuplicateIdError } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ProviderService } from '#libs/provider';
import { compileOutputSchema } from '../output/output-schema.js';
import { SessionStores } from '../session.stores.js';
import { UserMessageComposer } from './user-message.composer.js';

/** Checks prompts and stores them as user messages. */
@Injectable()
export class PromptService {
  constructor(
    private readonly stores: SessionStores,
    private readonly agents: AgentService,
    private readonly providers: ProviderService,
    private readonly composer: UserMessageComposer,
    private readonly clock: Clock,
  ) {}

  /** All or nothing: rejects with a WireError before anything is stored. */
  async store(instance: Instance, sessionID: string, input: PromptInput): Promise<MessageWithParts> {
    const id = input.messageID ?? createId('message');
    if (input.messageID !== undefined && (await this.stores.messages.has(id))) throw taken(id);
    if (input.format?.type === 'json_schema') await compileOutputSchema(input.format.schema);
    const agent =
      input.agent === undefined ? await this.agents.default(instance) : await this.agents.get(instance, input.agent);
    const info: UserMessage = {
      id,
      sessionID,
      role: 'user',
      time: { created: await this.nextTime(sessionID, id) },
      agent: agent.name,
      model: await this.chooseModel(instance, sessionID, agent, input.model),
      ...given({ ...input, variant: input.variant ?? agent.variant }, ['variant', 'system', 'tools', 'format']),
    };
    await this.checkSubtasks(instance, input.parts);
    const parts = await this.composer.compose(instance, info, agent, input.parts);
    await this.insert(info, parts);
    return { info, parts };
  }

  private async checkSubtasks(instance: Instance, parts: PromptInput['parts']): Promise<void> {
    for (const part of parts) {
      if (part.type !== 'subtask') continue;
      await this.agents.get(instance, part.agent);
      if (part.model) await this.providers.model(instance, part.model);
    }
  }

  private async insert(info: UserMessage, parts: Part[]): Promise<void> {
    try {
      await this.stores.messages.insert(info, parts);
    } catch (error) {
      throw DuplicateIdError.is(error) ? taken(error.id) : error;
    }
  }

  /** The prompt's model, the agent's, the one used last in the session, or the default; always one that exists. */
  private async chooseModel(
    instance: Instance,
    sessionID: string,
    agent: Agent,
    asked: UserMessage['model'] | undefined,
  ): Promise<UserMessage['model']> {
    const choice = asked ?? agent.model ?? (await this.lastModel(sessionID));
    const { providerID, modelID } = choice ?? (await this.providers.defaultModel(instance));
    await this.providers.model(instance, { providerID, modelID });
    return { providerID, modelID };
  }

  private async lastModel(sessionID: string): Promise<UserMessage['model'] | undefined> {
    const info = await this.newest(sessionID);
    return info && (info.role === 'user' ? info.model : { providerID: info.providerID, modelID: info.modelID });
  }

  /** Never before what the session holds already: the list is ordered by time. */
  private async nextTime(sessionID: string, id: string): Promise<number> {
    const last = await this.newest(sessionID);
    if (!last) return this.clock.now();
    return Math.max(this.clock.now(), last.time.created + (id < last.id ? 1 : 0));
  }

  private async newest(sessionID: string): Promise<Message | undefined> {
    return (await this.stores.messages.list(sessionID, { limit: 1 }))[0]?.info;
  }
}

const taken = (id: string) => new ConflictError(`${id} exists already; leave the id out or make a new one`);

/** The fields that have a value. */
function given<T extends object, K extends keyof T>(input: T, keys: readonly K[]): Partial<Pick<T, K>> {
  const entries = keys.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]);
  return Object.fromEntries(entries) as Partial<Pick<T, K>>;
}
