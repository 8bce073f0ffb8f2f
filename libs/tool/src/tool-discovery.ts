import type { DiscoveryService } from '@nestjs/core';
import {
  AGENT_TOOL_SPECIFICATION,
  AgentTool,
  type AgentToolHandler,
  type AgentToolOptions,
  TOOL_SOURCE_SPECIFICATION,
  ToolSource,
  type ToolSourceHandler,
} from '#libs/extension';
import { rankOf } from './built-in-tools.js';

/** What model providers accept as the name of a function. */
const VALID_ID = /^[A-Za-z0-9_-]{1,64}$/;

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

export interface FoundTool {
  options: AgentToolOptions;
  handler: AgentToolHandler;
  /** Class and module, for people. */
  name: string;
}

/** Every provider marked `@AgentTool`: built-in ones first, in their order. @throws Error that says what to mend */
export function findTools(discovery: DiscoveryService): FoundTool[] {
  const found = new Map<string, FoundTool & { rank: number }>();
  for (const provider of discovery.getProviders({ metadataKey: AgentTool.KEY })) {
    const options = discovery.getMetadataByDecorator(AgentTool, provider);
    if (!options) continue;
    const name = nameOf(provider);
    const other = found.get(options.id);
    if (other)
      throw new Error(
        `Two tools have the id "${options.id}": ${other.name} and ${name}. ` +
          `Give one of them another id in @AgentTool({ id }), or provide the class in one module only.`,
      );
    const handler = handlerOf(options, provider, name);
    found.set(options.id, { options, handler, name, rank: rankOf(provider.metatype) });
  }
  return [...found.values()].sort((a, b) => a.rank - b.rank);
}

export interface FoundSource {
  source: ToolSourceHandler;
  order: number;
  /** Whether clients are told of its tools. */
  listed: boolean;
}

/** Every provider marked `@ToolSource`, in its order. @throws Error that says what to mend */
export function findSources(discovery: DiscoveryService): FoundSource[] {
  const found = discovery.getProviders({ metadataKey: ToolSource.KEY }).map((provider) => {
    const name = nameOf(provider);
    const source = singletonOf<ToolSourceHandler>(provider, `${name} (@ToolSource)`);
    if (source.specificationVersion !== TOOL_SOURCE_SPECIFICATION || typeof source.tools !== 'function')
      throw new Error(
        `${name} is marked @ToolSource() and does not implement ${TOOL_SOURCE_SPECIFICATION}: it needs ` +
          '`readonly specificationVersion = TOOL_SOURCE_SPECIFICATION` and `async tools(instance) { return [ … ]; }`.',
      );
    const { order = 0, listed = true } = discovery.getMetadataByDecorator(ToolSource, provider) ?? {};
    return { order, listed, source: source as ToolSourceHandler };
  });
  return found.sort((a, b) => a.order - b.order);
}

function handlerOf(options: AgentToolOptions, provider: Provider, name: string): AgentToolHandler {
  if (!VALID_ID.test(options.id))
    throw new Error(
      `The tool id "${options.id}" of ${name} is not valid: use 1 to 64 letters, digits, "_" or "-", as models require.`,
    );
  const handler = singletonOf<AgentToolHandler>(provider, `${name} (tool "${options.id}")`);
  if (typeof handler.execute !== 'function')
    throw new Error(
      `${name} is marked @AgentTool({ id: "${options.id}" }) and has no execute method. Implement AgentToolHandler: ` +
        'async execute(input, context) { return { title, output }; }',
    );
  const version: string = handler.specificationVersion ?? AGENT_TOOL_SPECIFICATION;
  if (version !== AGENT_TOOL_SPECIFICATION)
    throw new Error(
      `${name} implements the tool interface "${version}", this server knows "${AGENT_TOOL_SPECIFICATION}". ` +
        'Set specificationVersion to AGENT_TOOL_SPECIFICATION of the installed version, or leave it out.',
    );
  return handler as AgentToolHandler;
}

function singletonOf<T>(provider: Provider, name: string): Partial<T> {
  const instance = provider.instance as Partial<T> | undefined;
  if (!instance || provider.isTransient || !provider.isDependencyTreeStatic())
    throw new Error(
      `${name} has no instance at boot: tools are singletons. Remove \`scope\` from its ` +
        '@Injectable() and from what it injects; what differs per call is in the ToolContext.',
    );
  return instance;
}

function nameOf({ metatype, name, host }: Provider): string {
  const own = typeof metatype === 'function' ? metatype.name : String(name);
  return host?.name ? `${own} of ${host.name}` : own;
}
