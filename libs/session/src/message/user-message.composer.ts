import { Injectable } from '@nestjs/common';
import {
  type Agent,
  createId,
  type FilePartInput,
  type Part,
  type PartInput,
  type PromptInput,
  type TextPart,
  type UserMessage,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { HookRegistry, type UserMessageContext } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { FileParts } from '../file-part/file-parts.service.js';
import type { UserMessageWithParts } from './user-message.writer.js';

/** What a message is composed for. */
interface Place {
  instance: Instance;
  user: UserMessage;
  agent: Agent;
}

/** The parts of a message, and what went wrong on the way that the person should hear of. */
interface Composed {
  parts: Part[];
  problems: string[];
}

/** Turns the parts that a client sends into the parts that are stored, in the order in which they were sent. */
@Injectable()
export class UserMessageComposer {
  constructor(
    private readonly files: FileParts,
    private readonly bus: EventBus,
    private readonly hooks: HookRegistry,
  ) {}

  /**
   * The message as hooks leave it. Rejects with an InvalidRequestError or a HookError before anything is stored. Files
   * that cannot be read are told as errors.
   */
  async compose(
    instance: Instance,
    user: UserMessage,
    agent: Agent,
    { parts: inputs, ...asked }: PromptInput,
  ): Promise<UserMessageWithParts> {
    const composed: Composed = { parts: [], problems: [] };
    for (const input of inputs) await this.add(composed, { instance, user, agent }, input);
    const { sessionID } = user;
    for (const message of composed.problems)
      this.bus.publish(instance, 'session.error', { sessionID, error: { name: 'UnknownError', data: { message } } });
    const message = { info: user, parts: composed.parts };
    // what the server writes by itself is no prompt of anybody
    return inputs.every(isSynthetic) ? message : this.changed(instance, message, asked);
  }

  asksHooks(instance: Instance): boolean {
    return this.hooks.has('userMessage', instance);
  }

  private async changed(
    instance: Instance,
    { info, parts }: UserMessageWithParts,
    { agent, model, messageID, variant }: UserMessageContext['asked'],
  ): Promise<UserMessageWithParts> {
    const { id, sessionID, role, time } = info;
    const changed = await this.hooks.run(
      'userMessage',
      { message: info, parts },
      { instance, sessionID, asked: { agent, model, messageID, variant } },
    );
    return {
      info: { ...changed.message, id, sessionID, role, time },
      parts: changed.parts.map((part) => ({ ...part, id: part.id || createId('part'), sessionID, messageID: id })),
    };
  }

  private async add(composed: Composed, place: Place, input: PartInput): Promise<void> {
    const { parts } = composed;
    const { sessionID, id: messageID } = place.user;
    const whole = <P extends PartInput>(part: P) => ({
      ...part,
      id: part.id ?? createId('part'),
      sessionID,
      messageID,
    });
    const synthetic = (text: string): TextPart => whole({ type: 'text', synthetic: true, text });
    switch (input.type) {
      case 'file': {
        const { texts, files, problem } = await this.files.resolve({ ...place, input });
        parts.push(...texts.map(synthetic), ...files.map((file) => whole<FilePartInput>(file)));
        if (problem !== undefined) composed.problems.push(problem);
        return;
      }
      case 'agent':
        parts.push(whole(input), synthetic(callFor(input.name)));
        return;
      default:
        parts.push(whole(input));
    }
  }
}

const isSynthetic = (part: PartInput) => part.type === 'text' && part.synthetic === true;

const callFor = (agent: string) =>
  `The user wants the agent "${agent}" for this: call the task tool with subagent_type "${agent}" and a prompt made of the message above.`;
