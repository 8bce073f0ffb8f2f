import { Injectable } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import { type Command, type CommandConfig, InvalidRequestError } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { BUILT_IN_COMMANDS } from './built-in-commands.js';
import { readCommandFiles } from './command-files.js';
import { templateHints } from './command-template.js';

/** The slash commands of an instance: the built-in ones, those of the configuration, and Markdown files. @publicApi */
@Injectable()
export class CommandService {
  private readonly commands = new InstanceState((instance) => this.build(instance));

  constructor(private readonly config: ConfigService) {}

  /** The built-in ones first, then in the order of definition. */
  async list(instance: Instance): Promise<Command[]> {
    return [...(await this.commands.get(instance)).values()];
  }

  /** Rejects with an InvalidRequestError that lists the names. */
  async get(instance: Instance, name: string): Promise<Command> {
    const commands = await this.commands.get(instance);
    const command = commands.get(name);
    if (command) return command;
    throw new InvalidRequestError(
      `Command not found: "${name}". Available commands: ${[...commands.keys()].join(', ')}`,
    );
  }

  private async build(instance: Instance): Promise<Map<string, Command>> {
    const found = new Map(Object.entries(BUILT_IN_COMMANDS));
    const { command: configured = {} } = await this.config.get(instance);
    for (const [name, command] of Object.entries(configured)) found.set(name, command);
    for (const directory of await this.config.directories(instance))
      for (const [name, command] of await readCommandFiles(directory)) found.set(name, command);
    return new Map([...found].map(([name, command]) => [name, toCommand(name, command)]));
  }
}

function toCommand(name: string, { template, description, agent, model, subtask }: CommandConfig): Command {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    source: 'command',
    template,
    ...(subtask !== undefined && { subtask }),
    hints: templateHints(template),
  };
}
