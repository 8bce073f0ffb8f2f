import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  COMMAND_SOURCE_SPECIFICATION,
  CommandSource,
  type CommandSourceHandler,
  type SourcedCommand,
  inTime,
} from '#libs/extension';
import type { Instance } from '#libs/instance';

/** Milliseconds a source has to say which commands it has. */
const ANSWER_LIMIT = 5_000;

/** The classes marked with `@CommandSource`. Filled once at boot. */
@Injectable()
export class CommandSourceRegistry implements OnModuleInit {
  private readonly log = new Logger(CommandSourceRegistry.name);
  private readonly sources = new Map<string, CommandSourceHandler>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: CommandSource.KEY })) {
      const options = this.discovery.getMetadataByDecorator(CommandSource, wrapper);
      if (options) this.add(options.id, wrapper.instance as CommandSourceHandler);
    }
  }

  /** The commands of all sources; one that fails or is slow counts as having none. */
  async commands(instance: Instance): Promise<SourcedCommand[]> {
    const lists = await Promise.all([...this.sources].map(([id, source]) => this.ask(id, source, instance)));
    return lists.flat();
  }

  private async ask(id: string, source: CommandSourceHandler, instance: Instance): Promise<readonly SourcedCommand[]> {
    try {
      return await inTime(source.commands(instance), { milliseconds: ANSWER_LIMIT });
    } catch (error) {
      this.log.warn(`The commands of ${id} are left out: ${String(error)}`);
      return [];
    }
  }

  private add(id: string, source: CommandSourceHandler): void {
    const known = this.sources.get(id);
    if (known === source) return;
    if (known)
      throw new Error(
        `Two classes are marked @CommandSource with the id "${id}": ${known.constructor.name} and ` +
          `${source.constructor.name}. Give one of them another id, or leave its module out.`,
      );
    const { commands, specificationVersion } = (source ?? {}) as Partial<CommandSourceHandler>;
    if (typeof commands !== 'function' || specificationVersion !== COMMAND_SOURCE_SPECIFICATION)
      throw new Error(
        `The class marked @CommandSource({ id: "${id}" }) does not implement ${COMMAND_SOURCE_SPECIFICATION} at boot: it ` +
          'needs `readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION` and `async commands(instance) { return ' +
          '[ … ]; }`, and is a singleton.',
      );
    this.sources.set(id, source);
  }
}
