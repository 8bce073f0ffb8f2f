import { Injectable } from '@nestjs/common';
import { SessionBusyError, type ShellInput } from '#libs/contract';
import { type HookContextOf, ProcessRunner, ShellEnvironment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { findShell } from '#libs/tool';
import { MessageWriterFactory } from '../message/message.writer.js';
import { PromptService } from '../message/prompt.service.js';
import { type PromptReceipt, SessionRunner } from '../run/session.runner.js';
import { loginArguments } from './login-shell.js';
import { ShellTurn } from './shell-turn.js';

/** Milliseconds a command of the user may take: nobody waits longer for one, but a forgotten one must end. */
const TIMEOUT = 6 * 60 * 60_000;
const EXECUTED = 'The user ran this command in the project; its output follows.';

/** Runs shell commands that a person types into a session. @publicApi */
@Injectable()
export class ShellRunner {
  constructor(
    private readonly runner: SessionRunner,
    private readonly prompts: PromptService,
    private readonly writers: MessageWriterFactory,
    private readonly processes: ProcessRunner,
    private readonly environment: ShellEnvironment,
  ) {}

  /**
   * Resolves when the command is about to start; `reply` is the message with its output. Rejects with SessionBusyError
   * while the session works, and with another WireError, nothing stored, when the session, agent or model does not
   * exist.
   */
  async run(instance: Instance, sessionID: string, input: ShellInput): Promise<PromptReceipt> {
    const { agent, model, command } = input;
    return this.runner.enqueue(
      instance,
      sessionID,
      async () => {
        if (this.runner.isBusy(sessionID)) throw new SessionBusyError(sessionID);
        const text = { type: 'text' as const, synthetic: true, text: EXECUTED };
        return this.prompts.write(instance, sessionID, { agent, ...(model && { model }), parts: [text] });
      },
      (user) => (surroundings) =>
        new ShellTurn({
          ...surroundings,
          user,
          command,
          writers: this.writers,
          execute: (signal, onOutput) =>
            this.execute({ instance, sessionID, cwd: instance.directory }, command, signal, onOutput),
        }),
    );
  }

  private async execute(
    place: HookContextOf<'shellEnvironment'>,
    command: string,
    signal: AbortSignal,
    onOutput: (text: string) => void,
  ) {
    const env = await this.environment.of(place);
    const shell = await findShell(env);
    return this.processes.run({
      command: shell,
      args: loginArguments(shell, command),
      cwd: place.cwd,
      env: { ...env, TERM: 'dumb' },
      timeout: TIMEOUT,
      signal,
      owner: place.instance.signal,
      onOutput,
      maxOutput: 0,
    });
  }
}
