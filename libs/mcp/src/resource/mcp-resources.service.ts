import type { ReadResourceResult, Resource } from '@modelcontextprotocol/client';
import { Injectable, Logger } from '@nestjs/common';
import { type McpResource, NotFoundError } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { McpService } from '../mcp.service.js';
import type { McpServer } from '../server/mcp-server.js';
import { wireName } from '../wire-name.js';

/** Milliseconds a resource may take to be read. */
const READ_LIMIT = 30_000;

/** A part of a resource: text, or bytes as base64. */
export type ResourceContent = ReadResourceResult['contents'][number];

/**
 * The resources of the connected servers.
 * @publicApi
 */
@Injectable()
export class McpResources {
  private readonly log = new Logger('Mcp');

  constructor(private readonly mcp: McpService) {}

  /** By `<server>:<resource>`. */
  async list(instance: Instance): Promise<Record<string, McpResource>> {
    const servers = await this.mcp.list(instance);
    const lists = await Promise.all(servers.map((server) => this.resourcesOf(server)));
    return Object.fromEntries(lists.flat());
  }

  /** Rejects when the server is not connected, or does not have it. */
  async read(instance: Instance, client: string, uri: string): Promise<ResourceContent[]> {
    const server = (await this.mcp.list(instance)).find(({ name }) => name === client);
    const signal = AbortSignal.any([instance.signal, AbortSignal.timeout(READ_LIMIT)]);
    const result = await server?.ask((connection) => connection.read(uri, signal));
    if (!result) throw new NotFoundError(`MCP server not connected: ${client}`);
    return result.contents;
  }

  private async resourcesOf(server: McpServer): Promise<[string, McpResource][]> {
    try {
      const resources = (await server.ask((connection) => connection.resources())) ?? [];
      return resources.map((resource) => [
        `${wireName(server.name)}:${wireName(resource.name)}`,
        wireOf(server, resource),
      ]);
    } catch (error) {
      this.log.warn(`The resources of ${server.name} are left out: ${String(error)}`);
      return [];
    }
  }
}

function wireOf(server: McpServer, { name, uri, description, mimeType }: Resource): McpResource {
  return {
    name,
    uri,
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
    client: server.name,
  };
}
