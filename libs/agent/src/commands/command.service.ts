import { Injectable } from '@nestjs/common';
import { ConfigService, SkillService } from '#libs/config';
import { type Command, type CommandConfig, InvalidRequestError, type Skill } from '#libs/contract';
import { type CommandTemplate, inTime, type SourcedCommand } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { BUILT_IN_COMMANDS } from './built-in-commands.js';
import { CommandSourceRegistry } from './command-source.registry.js';
import { splitArguments, templateHints } from './command-template.js';

/** Milliseconds a source has to give the template of a command. */
const TEMPLATE_LIMIT = 30_000;

/** A command that is about to run. */
export interface ReadyCommand extends Command {
  /** Whether the snippets of its template are run in a shell: those of files on this machine only. */
  runsSnippets: boolean;
  /** Whether the arguments are in its template already. */
  complete: boolean;
}

interface Entry {
  /** As it is listed. */
  command: Command;
  sourced?: SourcedCommand;
  /** It came over the network. */
  foreign?: boolean;
}

/**
 * The slash commands of an instance: the built-in ones, those of the configuration and its Markdown files, those of
 * `@CommandSource` classes, and the skills.
 * @publicApi
 */
@Injectable()
export class CommandService {
  constructor(
    private readonly config: ConfigService,
    private readonly skills: SkillService,
    private readonly sources: CommandSourceRegistry,
  ) {}

  /** The built-in ones first, then in the order of definition. The template of a foreign command is empty. */
  async list(instance: Instance): Promise<Command[]> {
    return [...(await this.entries(instance)).values()].map(({ command }) => command);
  }

  /**
   * With its template.
   * @param args what the command is called with
   * @throws InvalidRequestError that lists the names, or when its source fails
   */
  async get(instance: Instance, name: string, args: string): Promise<ReadyCommand> {
    const entries = await this.entries(instance);
    const entry = entries.get(name);
    if (!entry)
      throw new InvalidRequestError(
        `Command not found: "${name}". Available commands: ${[...entries.keys()].join(', ')}`,
      );
    const { command, sourced, foreign = false } = entry;
    if (!sourced) return { ...command, runsSnippets: !foreign, complete: false };
    const template = await templateOf(instance, sourced, splitArguments(args));
    const complete = typeof template !== 'string';
    return { ...command, template: complete ? template.text : template, runsSnippets: false, complete };
  }

  private async entries(instance: Instance): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    const { command: configured = {} } = await this.config.get(instance);
    for (const [name, command] of Object.entries({ ...BUILT_IN_COMMANDS, ...configured }))
      entries.set(name, { command: fromConfig(name, command) });
    for (const sourced of await this.sources.commands(instance))
      if (!entries.has(sourced.name)) entries.set(sourced.name, { command: fromSource(sourced), sourced });
    for (const skill of await this.skills.list(instance))
      if (!entries.has(skill.name))
        entries.set(skill.name, { command: fromSkill(skill), foreign: this.skills.isForeign(skill) });
    return entries;
  }
}

async function templateOf(
  instance: Instance,
  command: SourcedCommand,
  words: readonly string[],
): Promise<CommandTemplate> {
  const signal = AbortSignal.any([instance.signal, AbortSignal.timeout(TEMPLATE_LIMIT)]);
  try {
    return await inTime(command.template(signal, words), { signal });
  } catch (error) {
    throw new InvalidRequestError(`The command "${command.name}" cannot be used: ${String(error)}`);
  }
}

function fromConfig(name: string, { template, description, agent, model, subtask }: CommandConfig): Command {
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

function fromSource({ name, description, agent, model, subtask, hints, source = 'command' }: SourcedCommand): Command {
  return { ...fromConfig(name, { template: '', description, agent, model, subtask }), source, hints };
}

function fromSkill({ name, description, content }: Skill): Command {
  return { name, description, source: 'skill', template: content, hints: [] };
}
