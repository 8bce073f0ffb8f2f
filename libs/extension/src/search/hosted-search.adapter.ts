import type { Environment } from '../environment/environment.port.js';
import type { ToolModel } from '../tool/agent-tool.js';
import { searchSwitchedOn } from './search-flags.js';
import { type CodeSearch, SearchService, type WebSearch } from './search-service.port.js';
import { SearchError } from './search.error.js';

const ENDPOINT = 'https://mcp.exa.ai/mcp';
/** The provider whose users have the tools anyway. */
const HOME_PROVIDER = 'opencode';
/** Milliseconds up to the end of an answer. */
const WEB_LIMIT = 25_000;
const CODE_LIMIT = 30_000;
/** Bytes of an answer. */
const MAX_ANSWER = 4 * 1024 * 1024;

interface Call {
  /** Name of the remote tool. */
  tool: string;
  arguments: Record<string, unknown>;
  /** How the search is called in messages. */
  name: string;
  limit: number;
  signal: AbortSignal;
}

/**
 * The default {@link SearchService}: the hosted service that opencode uses, over the public address of its MCP server.
 * Rejects with a SearchError.
 * @publicApi
 */
export class HostedSearch extends SearchService {
  private readonly enabled: boolean;

  /** @param endpoint another server that speaks the same protocol */
  constructor(
    environment: Environment,
    private readonly endpoint = ENDPOINT,
  ) {
    super();
    this.enabled = searchSwitchedOn(environment);
  }

  override isFor({ providerID }: ToolModel): boolean {
    return this.enabled || providerID === HOME_PROVIDER;
  }

  web({ signal, ...search }: WebSearch): Promise<string | undefined> {
    return this.call({ tool: 'web_search_exa', arguments: search, name: 'Search', limit: WEB_LIMIT, signal });
  }

  code({ signal, ...search }: CodeSearch): Promise<string | undefined> {
    const call = { tool: 'get_code_context_exa', name: 'Code search', limit: CODE_LIMIT };
    return this.call({ ...call, arguments: search, signal });
  }

  private async call({ tool, arguments: given, name, limit, signal }: Call): Promise<string | undefined> {
    const late = AbortSignal.timeout(limit);
    try {
      const answer = await fetch(this.endpoint, {
        method: 'POST',
        headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: given } }),
        signal: AbortSignal.any([signal, late]),
      });
      const text = await readText(answer);
      if (!answer.ok) throw new SearchError(`${name} error (${answer.status}): ${text}`);
      return resultOf(text, name);
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw new SearchError(`${name} request timed out`, { cause: error });
      if (error instanceof SearchError) throw error;
      const { host } = new URL(this.endpoint);
      throw new SearchError(`${name} error: ${host} cannot be reached (${reasonOf(error)})`, { cause: error });
    }
  }
}

/** The first text of the first event that has one, or of the whole body. */
function resultOf(body: string, name: string): string | undefined {
  const events = body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
  for (const text of events.length > 0 ? events : [body]) {
    const message = parsed(text);
    if (message?.error?.message !== undefined) throw new SearchError(`${name} error: ${message.error.message}`);
    const found = message?.result?.content?.[0]?.text;
    if (message?.result?.isError) throw new SearchError(`${name} error: ${found ?? 'the service gave no reason'}`);
    if (found) return found;
  }
  return undefined;
}

interface Reply {
  result?: { content?: { text?: string }[]; isError?: boolean };
  error?: { message?: string };
}

function parsed(text: string): Reply | undefined {
  try {
    return JSON.parse(text) as Reply;
  } catch {
    return undefined;
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk as Uint8Array);
    if ((size += (chunk as Uint8Array).byteLength) > MAX_ANSWER) throw new SearchError('The answer is too large');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message?: string };
  return cause?.code ?? message ?? String(error);
}
