import { type Command, countOption, type ParsedArguments } from '../command.js';
import type { ApiClient } from '../server/api-client.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';
import { type DebugCommand, debugCommand } from './debug-command.js';

interface Question extends DebugCommand {
  ask: (client: ApiClient, word: string, args: ParsedArguments) => Promise<unknown>;
}

const LIMIT = { limit: { type: 'string', value: 'number', summary: 'At most so many' } } as const;

/** What the server answers, as it is. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  config: { summary: 'The merged configuration', ask: (client) => client.get('/config') },
  skill: { summary: 'The skills of the project', ask: (client) => client.get('/skill') },
  scrap: { summary: 'The projects that were ever opened', ask: (client) => client.get('/project') },
  'file list': {
    summary: 'The entries of a folder',
    word: 'path',
    ask: (client, path) => client.get('/file', { path }),
  },
  'file read': {
    summary: 'The content of a file',
    word: 'path',
    ask: (client, path) => client.get('/file/content', { path }),
  },
  'file status': { summary: 'The changed files', ask: (client) => client.get('/file/status') },
  'file search': {
    summary: 'Files by a part of their name',
    word: 'query',
    options: LIMIT,
    ask: (client, query, args) => client.get('/find/file', { query, limit: countOption(args, 'limit') }),
  },
  'rg search': {
    summary: 'Lines by a regular expression',
    word: 'pattern',
    ask: (client, pattern) => client.get('/find', { pattern }),
  },
  'lsp status': { summary: 'The language servers that run', ask: (client) => client.get('/lsp') },
  'lsp symbols': {
    summary: 'Symbols by a part of their name',
    word: 'query',
    async ask(client, query) {
      const running = await client.get<unknown[]>('/lsp');
      if (running.length === 0)
        console.error('No language server runs: ask a server whose project was worked in with --attach');
      return client.get('/find/symbol', { query });
    },
  },
};

/** `debug …` for each of them. */
export const debugQuestions: readonly Command[] = Object.entries(QUESTIONS).map(
  ([name, { ask, options, ...question }]) =>
    debugCommand(name, { ...question, options: { ...options, ...SERVER_OPTIONS } }, (word, args) =>
      withServer(args, (client) => ask(client, word, args)),
    ),
);

export const debugPaths: Command = {
  name: 'debug paths',
  summary: 'Where files of the server live',
  options: {},

  async run() {
    const { processEnvironment } = await import('../process-environment.js');
    const { home, data, cache, config, state } = processEnvironment().paths;
    const paths = { home, data, bin: `${data}/bin`, log: `${data}/log`, cache, config, state };
    for (const [name, path] of Object.entries(paths)) console.log(`${name.padEnd(8)}${path}`);
    return 0;
  },
};
