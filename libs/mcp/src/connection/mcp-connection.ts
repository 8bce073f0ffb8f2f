import type {
  CallToolResult,
  Client,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  Tool,
} from '@modelcontextprotocol/client';
import { CachedList } from './cached-list.js';
import { isGone } from './gone.js';
import { AuthNeededError, CONNECTION_CLOSED, McpError } from './mcp.error.js';

export interface ConnectionOptions {
  /** Milliseconds a list may take. */
  timeout: number;
  /** Whether what the server announces reaches us now. */
  isHeard(): boolean;
  /** Ends the transport and what it owns. */
  close(): Promise<void>;
}

interface CallOptions {
  signal: AbortSignal;
  /** Milliseconds. */
  timeout: number;
}

/** A server that is connected. Requests reject with an {@link McpError}. */
export class McpConnection {
  /** Called when the server announces another list of tools. */
  onToolsChanged?: () => void;
  private readonly toolList: CachedList<Tool>;
  private readonly promptList: CachedList<Prompt>;
  private readonly resourceList: CachedList<Resource>;
  private readonly end = Promise.withResolvers<unknown>();
  private closing?: Promise<void>;

  /** @param client connected */
  constructor(
    private readonly client: Client,
    private readonly options: ConnectionOptions,
  ) {
    const { tools, prompts, resources } = client.getServerCapabilities() ?? {};
    this.toolList = this.list(tools, async (options) => (await client.listTools(undefined, options)).tools);
    this.promptList = this.list(prompts, async (options) => (await client.listPrompts(undefined, options)).prompts);
    this.resourceList = this.list(
      resources,
      async (options) => (await client.listResources(undefined, options)).resources,
    );
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      this.toolList.forget();
      this.onToolsChanged?.();
    });
    client.setNotificationHandler('notifications/prompts/list_changed', () => this.promptList.forget());
    client.setNotificationHandler('notifications/resources/list_changed', () => this.resourceList.forget());
    client.onclose = () => this.lose(new McpError(CONNECTION_CLOSED, 'Connection closed'));
  }

  /** Resolves to the reason when the server is gone, also after {@link close}; never rejects. */
  get lost(): Promise<unknown> {
    return this.end.promise;
  }

  /** Says that the server is gone. */
  lose(reason: unknown): void {
    this.end.resolve(reason);
  }

  /** The next who ask get new lists. */
  forgetLists(): void {
    for (const list of [this.toolList, this.promptList, this.resourceList]) list.forget();
  }

  tools(): Promise<readonly Tool[]> {
    return this.toolList.get();
  }

  prompts(): Promise<readonly Prompt[]> {
    return this.promptList.get();
  }

  resources(): Promise<readonly Resource[]> {
    return this.resourceList.get();
  }

  prompt(name: string, args: Record<string, string>, signal: AbortSignal): Promise<GetPromptResult> {
    const { timeout } = this.options;
    return this.ask(() => this.client.getPrompt({ name, arguments: args }, { timeout, signal }));
  }

  read(uri: string, signal: AbortSignal): Promise<ReadResourceResult> {
    const { timeout } = this.options;
    return this.ask(() => this.client.readResource({ uri }, { timeout, signal }));
  }

  /** The server is told to stop when the signal aborts or the time is up. */
  async call(name: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult> {
    try {
      return await this.ask(() => this.client.callTool({ name, arguments: args }, options));
    } catch (error) {
      options.signal.throwIfAborted();
      throw error;
    }
  }

  close(): Promise<void> {
    this.closing ??= this.options.close();
    return this.closing;
  }

  /** What a server does not have is not asked for: the SDK would say so on the console. */
  private list<T>(
    capability: { listChanged?: boolean } | undefined,
    load: (options: CallOptions) => Promise<readonly T[]>,
  ): CachedList<T> {
    return new CachedList({
      // each page is a request: the signal is for all of them
      load: async (timeout) =>
        capability ? this.ask(() => load({ timeout, signal: AbortSignal.timeout(timeout) })) : [],
      isAnnounced: () => capability?.listChanged === true && this.options.isHeard(),
      timeout: this.options.timeout,
    });
  }

  private async ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (thrown) {
      const error = McpError.from(thrown);
      if (isGone(thrown) || thrown instanceof AuthNeededError) this.lose(error);
      throw error;
    }
  }
}
