import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AgentTool, type AgentToolHandler, type AgentToolOptions, Environment } from '#libs/extension';
import { BUILT_IN_TOOLS, isAvailable } from './built-in-tools.js';
import { ToolOutputStore } from './output/tool-output.store.js';
import { RegisteredTool } from './registered-tool.js';

/** What model providers accept as the name of a function. */
const VALID_ID = /^[A-Za-z0-9_-]{1,64}$/;

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

/**
 * Every tool of the application: the built-in ones in their fixed order, then those of other modules. Filled once, at
 * boot, with the providers marked `@AgentTool`.
 * @publicApi
 */
@Injectable()
export class ToolRegistry implements OnModuleInit {
  private tools: ReadonlyMap<string, RegisteredTool> = new Map();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly outputs: ToolOutputStore,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    const found = new Map<string, { provider: Provider; tool: RegisteredTool }>();
    for (const provider of this.discovery.getProviders({ metadataKey: AgentTool.KEY })) {
      const options = this.discovery.getMetadataByDecorator(AgentTool, provider);
      if (!options || !isAvailable(provider.metatype, this.environment)) continue;
      const other = found.get(options.id);
      if (other)
        throw new Error(
          `Two tools have the id "${options.id}": ${nameOf(other.provider)} and ${nameOf(provider)}. ` +
            `Give one of them another id in @AgentTool({ id }), or provide the class in one module only.`,
        );
      found.set(options.id, { provider, tool: this.register(options, provider) });
    }
    const ordered = [...found].sort(([, a], [, b]) => rank(a.provider) - rank(b.provider));
    this.tools = new Map(ordered.map(([id, { tool }]) => [id, tool]));
  }

  ids(): string[] {
    return [...this.tools.keys()];
  }

  /** As models are told of them; `parameters` is a JSON Schema. */
  list(): Pick<RegisteredTool, 'id' | 'description' | 'parameters'>[] {
    return [...this.tools.values()].map(({ id, description, parameters }) => ({ id, description, parameters }));
  }

  get(id: string): RegisteredTool | undefined {
    return this.tools.get(id);
  }

  private register(options: AgentToolOptions, provider: Provider): RegisteredTool {
    const name = nameOf(provider);
    if (!VALID_ID.test(options.id))
      throw new Error(
        `The tool id "${options.id}" of ${name} is not valid: use 1 to 64 letters, digits, "_" or "-", as models require.`,
      );
    const handler = provider.instance as Partial<AgentToolHandler> | undefined;
    if (!handler || provider.isTransient || !provider.isDependencyTreeStatic())
      throw new Error(
        `${name} (tool "${options.id}") has no instance at boot: tools are singletons. Remove \`scope\` from its ` +
          '@Injectable() and from what it injects; what differs per call is in the ToolContext.',
      );
    if (typeof handler.execute !== 'function')
      throw new Error(
        `${name} is marked @AgentTool({ id: "${options.id}" }) and has no execute method. Implement AgentToolHandler: ` +
          'async execute(input, context) { return { title, output }; }',
      );
    try {
      return new RegisteredTool(options, handler as AgentToolHandler, this.outputs);
    } catch (error) {
      throw new Error(`The input class of ${name} (tool "${options.id}") gives no JSON Schema: ${String(error)}`, {
        cause: error,
      });
    }
  }
}

function nameOf({ metatype, name, host }: Provider): string {
  const own = typeof metatype === 'function' ? metatype.name : String(name);
  return host?.name ? `${own} of ${host.name}` : own;
}

/** Built-in tools come first, in their own order. */
function rank({ metatype }: Provider): number {
  const index = BUILT_IN_TOOLS.findIndex((tool) => tool === metatype);
  return index < 0 ? BUILT_IN_TOOLS.length : index;
}
