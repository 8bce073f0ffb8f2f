import type { Tool } from '@modelcontextprotocol/client';

/** The arguments of a tool as models are told of them: an object without further keys, whatever the server left open. */
export function toolSchema({ inputSchema }: Pick<Tool, 'inputSchema'>): Record<string, unknown> {
  return { ...inputSchema, type: 'object', properties: inputSchema.properties ?? {}, additionalProperties: false };
}
