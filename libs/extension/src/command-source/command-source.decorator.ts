import { DiscoveryService } from '@nestjs/core';

/** @publicApi */
export interface CommandSourceOptions {
  /** Name of the source in messages about it. Unique among all sources. */
  id: string;
}

/**
 * Marks a provider class as a source of slash commands; the class implements {@link CommandSourceHandler}.
 *
 * @example
 * @CommandSource({ id: 'runbooks' })
 * export class Runbooks implements CommandSourceHandler {
 *   readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;
 *   async commands() {
 *     return [{ name: 'deploy', hints: ['$1'], template: () => readFile('/runbooks/deploy.md', 'utf8') }];
 *   }
 * }
 * @publicApi
 */
export const CommandSource = DiscoveryService.createDecorator<CommandSourceOptions>();
