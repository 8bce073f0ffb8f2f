import type { ToolModel } from '../tool/agent-tool.js';
import { Port } from '../boot/port.js';

/** What is looked for on the web. @publicApi */
export interface WebSearch {
  query: string;
  /** Pages to find. */
  numResults: number;
  /** Whether pages are fetched anew: only when they are not stored, or always when it can be done. */
  livecrawl: 'fallback' | 'preferred';
  /** How thorough the search is. */
  type: 'auto' | 'fast' | 'deep';
  /** Characters of the answer, at most. */
  contextMaxCharacters?: number;
  /** Ends it. */
  signal: AbortSignal;
}

/** What is looked for in documentation and source of libraries. @publicApi */
export interface CodeSearch {
  query: string;
  /** Length of the answer in tokens, about. */
  tokensNum: number;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Searches for the tools `websearch` and `codesearch`. The default asks the hosted service of opencode and is switched on
 * by variables; a host that has a better one gives it as the `searchService` option, and `false` to have none.
 *
 * @example
 * class Intranet extends SearchService {
 *   web = async ({ query, signal }: WebSearch) => toText(await index.find(query, signal));
 *   code = async () => undefined;
 * }
 * @publicApi
 */
export abstract class SearchService extends Port {
  /** Text for the model; undefined when nothing was found. A rejection is told to the model: see SearchError. */
  abstract web(search: WebSearch): Promise<string | undefined>;
  abstract code(search: CodeSearch): Promise<string | undefined>;

  /** Whether a model is told of the two tools. */
  isFor(_model: ToolModel): boolean {
    return true;
  }
}
