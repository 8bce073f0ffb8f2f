import { Injectable } from '@nestjs/common';
import { expandTemplate, type ReadyCommand, type ShellSnippet } from '#libs/agent';
import { Environment, ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { findShell } from '#libs/tool';
import { type MentionedPart, MentionService } from '../message/mention.service.js';

/** Milliseconds a snippet may take. */
const TIMEOUT = 30_000;
/** Characters of its output that become part of the prompt. */
const MAX_OUTPUT = 200_000;

export interface ExpandedCommand {
  text: string;
  mentioned: MentionedPart[];
}

/** Turns the template of a command into the text of a prompt. */
@Injectable()
export class CommandText {
  constructor(
    private readonly mentions: MentionService,
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
  ) {}

  async expand(instance: Instance, command: ReadyCommand, args: string): Promise<ExpandedCommand> {
    const run = (snippet: ShellSnippet) => this.output(instance, snippet);
    const text = command.complete
      ? command.template
      : await expandTemplate(command.template, args, command.runsSnippets ? run : undefined);
    return { text, mentioned: await this.mentions.inText(instance, text) };
  }

  /** What a snippet prints; how it ends does not matter. The arguments are parameters of the shell, not part of it. */
  private async output(instance: Instance, { command, parameters, all }: ShellSnippet): Promise<string> {
    const { variables } = this.environment;
    try {
      const shell = await findShell(variables);
      const { stdout, reason } = await this.processes.run({
        command: shell,
        args: ['-c', command, shell, ...parameters],
        cwd: instance.directory,
        env: { ...variables, ARGUMENTS: all },
        timeout: TIMEOUT,
        signal: instance.signal,
        maxOutput: MAX_OUTPUT,
      });
      return reason === 'timeout' ? `${stdout}(the command was ended after ${TIMEOUT / 1000} seconds)` : stdout;
    } catch (error) {
      return `Error executing command: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}
