import type { Agent, ToolList } from '#libs/contract';
import {
  type Command,
  type CommandOptions,
  countOption,
  type ParsedArguments,
  textOption,
  UsageError,
} from '../command.js';
import { printJson } from '../print.js';
import type { ApiClient } from '../server/api-client.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';

interface Question {
  summary: string;
  /** The one word it takes; absent = none. */
  word?: string;
  options?: CommandOptions;
  ask: (client: ApiClient, word: string, args: ParsedArguments) => Promise<unknown>;
}

const LIMIT = { limit: { type: 'string', value: 'number', summary: 'At most so many' } } as const;

/** What the server answers, as it is. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  config: { summary: 'The merged configuration', ask: (client) => client.get('/config') },
  skill: { summary: 'The skills of the project', ask: (client) => client.get('/skill') },
  scrap: { summary: 'The projects that were ever opened', ask: (client) => client.get('/project') },
  agent: {
    summary: 'An agent, and the tools it is offered',
    word: 'name',
    options: { model: { type: 'string', short: 'm', value: 'provider/model', summary: 'For this model' } },
    ask: async (client, name, args) => {
      const agents = await client.get<Agent[]>('/agent');
      const agent = agents.find((candidate) => candidate.name === name);
      if (!agent) throw new Error(`Agent not found: ${name}. There are ${agents.map(({ name }) => name).join(', ')}`);
      const [provider = 'opencode', ...model] = textOption(args, 'model')?.split('/') ?? [];
      const query = { provider, model: model.join('/') || 'default' };
      const tools = await client.get<ToolList>('/experimental/tool', query);
      const { isWithheld } = await import('#libs/permission');
      return {
        ...agent,
        tools: Object.fromEntries(tools.map(({ id }) => [id, !isWithheld(id, agent.permission)])),
      };
    },
  },
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
    ask: (client, query) => client.get('/find/symbol', { query }),
  },
};

/** `debug …` for each of them. */
export const debugQuestions: readonly Command[] = Object.entries(QUESTIONS).map(
  ([name, { summary, word, options = {}, ask }]): Command => ({
    name: `debug ${name}`,
    summary,
    ...(word === undefined ? {} : { words: `<${word}>` }),
    options: { ...options, ...SERVER_OPTIONS },
    async run(args) {
      const [given, ...rest] = args.words;
      if (word !== undefined && (given === undefined || rest.length > 0)) throw new UsageError(`Give one ${word}`);
      printJson(await withServer(args, (client) => ask(client, given ?? '', args)));
      return 0;
    },
  }),
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
