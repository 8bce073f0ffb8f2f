import type { Prompt } from '@modelcontextprotocol/client';
import { Logger } from '@nestjs/common';
import {
  COMMAND_SOURCE_SPECIFICATION,
  CommandSource,
  type CommandSourceHandler,
  type SourcedCommand,
} from '#libs/extension';
import type { Instance } from '#libs/instance';
import { McpError } from '../connection/mcp.error.js';
import { McpService } from '../mcp.service.js';
import type { McpServer } from '../server/mcp-server.js';
import { wireName } from '../wire-name.js';
import { promptText } from './prompt-text.js';

/** Offers the prompts of the connected servers as slash commands. */
@CommandSource({ id: 'mcp' })
export class McpCommands implements CommandSourceHandler {
  readonly specificationVersion = COMMAND_SOURCE_SPECIFICATION;

  private readonly log = new Logger('Mcp');

  constructor(private readonly mcp: McpService) {}

  async commands(instance: Instance): Promise<SourcedCommand[]> {
    const servers = await this.mcp.list(instance);
    return (await Promise.all(servers.map((server) => this.commandsOf(server)))).flat();
  }

  private async commandsOf(server: McpServer): Promise<SourcedCommand[]> {
    try {
      const prompts = (await server.ask((connection) => connection.prompts())) ?? [];
      return prompts.map((prompt) => commandOf(server, prompt));
    } catch (error) {
      this.log.warn(`The prompts of ${server.name} are left out: ${String(error)}`);
      return [];
    }
  }
}

function commandOf(server: McpServer, { name, description, arguments: declared = [] }: Prompt): SourcedCommand {
  const get = async (values: readonly string[], signal: AbortSignal) => {
    const named = declared
      .slice(0, values.length)
      .map((argument, index) => [argument.name, values[index] ?? ''] as const);
    const result = await server.ask((connection) => connection.prompt(name, Object.fromEntries(named), signal));
    if (!result) throw new Error(`The MCP server ${server.name} is not connected`);
    return promptText(result);
  };
  const placeholders = declared.map((_, index) => `$${index + 1}`);
  return {
    name: `${wireName(server.name)}:${wireName(name)}`,
    ...(description !== undefined && { description }),
    source: 'mcp',
    hints: placeholders,
    template: async (signal, words) => {
      try {
        return await get(placeholders, signal);
      } catch (error) {
        // a server that looks at its arguments refuses placeholders
        if (declared.length === 0 || !(error instanceof McpError) || error.isOurs) throw error;
        return { text: await get(lastTakesRest(words, declared.length), signal) };
      }
    },
  };
}

const lastTakesRest = (words: readonly string[], count: number) =>
  words.length <= count ? words : [...words.slice(0, count - 1), words.slice(count - 1).join(' ')];
