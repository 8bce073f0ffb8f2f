import { Injectable, Logger } from '@nestjs/common';
import { pathToFileURL } from 'node:url';
import type { Position, Range, WorkspaceSymbol } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { LanguageServerError } from '../client/language-server.error.js';
import type { LanguageClient } from '../client/language-client.js';
import { ServerPoolStore } from '../server/server-pool.store.js';
import { foundSymbols, rangeStartingAt } from './symbol.js';

/** Milliseconds that one request may take. */
const LIMIT = 10_000;
/** Milliseconds for what a person waits for while typing. */
const QUICK = 5000;

/** What can be asked about a place in a file. */
export const CODE_QUERIES = [
  'goToDefinition',
  'findReferences',
  'hover',
  'documentSymbol',
  'workspaceSymbol',
  'goToImplementation',
  'prepareCallHierarchy',
  'incomingCalls',
  'outgoingCalls',
] as const;
export type CodeQuery = (typeof CODE_QUERIES)[number];

export interface CodePlace {
  /** Absolute. */
  path: string;
  /** Counted from 0. */
  position: Position;
}

type Ask = (method: string, params: unknown) => Promise<unknown>;

/**
 * Answers questions about code with the language servers of an instance.
 * @publicApi
 */
@Injectable()
export class CodeQueryService {
  private readonly log = new Logger(CodeQueryService.name);

  constructor(private readonly pools: ServerPoolStore) {}

  /** Symbols of the project by name, at most ten of each server that runs; starts none. */
  async findSymbols(instance: Instance, query: string, signal: AbortSignal): Promise<WorkspaceSymbol[]> {
    const running = (await this.pools.find(instance))?.running ?? [];
    const answers = await Promise.all(
      running.map((client) => this.tolerant(client, 'workspace/symbol', { query }, signal)),
    );
    return distinct(answers.flatMap(foundSymbols));
  }

  /** The range of the symbol that begins in a line (counted from 0) of a file; undefined when nobody knows one. */
  async symbolAt(instance: Instance, path: string, line: number, signal: AbortSignal): Promise<Range | undefined> {
    const pool = await this.pools.get(instance);
    if (!pool.covers(path)) return undefined;
    const params = { textDocument: { uri: pathToFileURL(path).href } };
    const ranges = await this.pools.eachServer(pool, [path], signal, async (client) => {
      await client.open(path);
      return rangeStartingAt(await this.tolerant(client, 'textDocument/documentSymbol', params, signal), line);
    });
    return ranges.find((range) => range !== undefined);
  }

  /**
   * Asks every server of a file. Undefined when there is no server for it; rejects with a LanguageServerError when all
   * of them failed.
   */
  async ask(
    instance: Instance,
    query: CodeQuery,
    place: CodePlace,
    signal: AbortSignal,
  ): Promise<unknown[] | undefined> {
    const pool = await this.pools.get(instance);
    if (!pool.covers(place.path)) return undefined;
    await pool.catchUp();
    const outcomes = await this.pools.eachServer(pool, [place.path], signal, async (client) => {
      await client.check([place.path], signal);
      return this.outcome(client, query, place, signal);
    });
    if (outcomes.length === 0) return undefined;
    const answers = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const failure = outcomes.find((outcome) => outcome instanceof LanguageServerError);
    if (answers.length === 0 && failure) throw failure;
    return distinct(answers.flat().filter((answer) => answer !== null && answer !== undefined));
  }

  private async outcome(client: LanguageClient, query: CodeQuery, place: CodePlace, signal: AbortSignal) {
    const ask: Ask = (method, params) => client.request(method, params, { limit: LIMIT, signal });
    try {
      return { answer: await answerOf(query, place, ask) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LanguageServerError)) throw error;
      return error;
    }
  }

  private async tolerant(client: LanguageClient, method: string, params: unknown, signal: AbortSignal) {
    try {
      return await client.request(method, params, { limit: QUICK, signal });
    } catch (error) {
      signal.throwIfAborted();
      this.log.debug(`${client.id}: ${String(error)}`);
      return undefined;
    }
  }
}

/** What several servers know is said once: a server for a folder and one for the whole project know the same files. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function answerOf(query: CodeQuery, { path, position }: CodePlace, ask: Ask): Promise<unknown> {
  const textDocument = { uri: pathToFileURL(path).href };
  const here = { textDocument, position };
  switch (query) {
    case 'goToDefinition':
      return ask('textDocument/definition', here);
    case 'findReferences':
      return ask('textDocument/references', { ...here, context: { includeDeclaration: true } });
    case 'hover':
      return ask('textDocument/hover', here);
    case 'documentSymbol':
      return ask('textDocument/documentSymbol', { textDocument });
    case 'workspaceSymbol':
      return ask('workspace/symbol', { query: '' }).then(foundSymbols);
    case 'goToImplementation':
      return ask('textDocument/implementation', here);
    case 'prepareCallHierarchy':
      return ask('textDocument/prepareCallHierarchy', here);
    case 'incomingCalls':
      return calls('callHierarchy/incomingCalls', here, ask);
    case 'outgoingCalls':
      return calls('callHierarchy/outgoingCalls', here, ask);
  }
}

/** The calls of every item at a place. */
async function calls(method: string, here: object, ask: Ask): Promise<unknown> {
  const items = (await ask('textDocument/prepareCallHierarchy', here)) as unknown[] | null;
  return Promise.all((items ?? []).map((item) => ask(method, { item }))).then((answers) => answers.flat());
}
