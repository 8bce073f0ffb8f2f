import { Injectable } from '@nestjs/common';
import type { CommandInput, MessageWithParts, SessionInitInput } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import { ProjectService } from '#libs/project';
import { tellingFailure } from '../run/failure-event.js';
import { SessionRunner } from '../run/session.runner.js';
import { SessionService } from '../session.service.js';
import { CommandPrompts } from './command-prompts.service.js';

const INIT = 'init';

/** Runs slash commands. @publicApi */
@Injectable()
export class CommandRunner {
  constructor(
    private readonly sessions: SessionService,
    private readonly runner: SessionRunner,
    private readonly projects: ProjectService,
    private readonly bus: EventBus,
    private readonly prompts: CommandPrompts,
  ) {}

  /**
   * Resolves when the prompt is stored; `reply` is the answer. Rejects with a WireError, and nothing stored, when the
   * session, command, agent or model does not exist.
   */
  async run(instance: Instance, sessionID: string, input: CommandInput): Promise<{ reply: Promise<MessageWithParts> }> {
    await this.sessions.get(sessionID);
    const prompt = await tellingFailure(this.bus, instance, sessionID, () =>
      this.prompts.of(instance, sessionID, input),
    );
    const { reply } = await this.runner.prompt(instance, sessionID, prompt);
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
    if (input.command === INIT && isDone(answer)) await this.projects.markInitialized(instance);
    this.bus.publish(instance, 'command.executed', {
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
}

const isDone = ({ info }: MessageWithParts) => info.role === 'assistant' && !info.error;
