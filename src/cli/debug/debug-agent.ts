import type { Agent, Session, ToolList } from '#libs/contract';
import { type Command, type ParsedArguments, textOption, UsageError } from '../command.js';
import { printJson } from '../print.js';
import { type LocalServer, SERVER_OPTIONS, withLocalServer, withServer } from '../server/with-server.js';
import type { ApiClient } from '../server/api-client.js';

/** Shows an agent; runs one of its tools. */
export const debugAgent: Command = {
  name: 'debug agent',
  summary: 'An agent and the tools it is offered, or what comes of one of them',
  words: '<name>',
  options: {
    model: { type: 'string', short: 'm', value: 'provider/model', summary: 'For this model' },
    tool: { type: 'string', value: 'id', summary: 'Run this tool. Nobody is asked for permission' },
    params: { type: 'string', value: 'json', summary: 'Its arguments', fallback: '{}' },
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const [name, ...rest] = args.words;
    if (name === undefined || rest.length > 0) throw new UsageError('Give one name');
    const tool = textOption(args, 'tool');
    if (tool !== undefined) {
      if (args.options['attach'] !== undefined) throw new UsageError('--tool runs here: it goes without --attach');
      const input = parsed(textOption(args, 'params') ?? '{}');
      printJson(await withLocalServer(args, (server) => call(server, name, tool, input)));
      return 0;
    }
    if (args.options['params'] !== undefined) throw new UsageError('--params needs --tool');
    printJson(await withServer(args, (client) => describe(client, name, args)));
    return 0;
  },
};

async function describe(client: ApiClient, name: string, args: ParsedArguments): Promise<object> {
  const agent = await findAgent(client, name);
  const [provider = 'opencode', ...model] = textOption(args, 'model')?.split('/') ?? [];
  const query = { provider, model: model.join('/') || 'default' };
  const tools = await client.get<ToolList>('/experimental/tool', query);
  const { isWithheld } = await import('#libs/permission');
  return { ...agent, tools: Object.fromEntries(tools.map(({ id }) => [id, !isWithheld(id, agent.permission)])) };
}

async function findAgent(client: ApiClient, name: string): Promise<Agent> {
  const agents = await client.get<Agent[]>('/agent');
  const agent = agents.find((candidate) => candidate.name === name);
  if (!agent) throw new Error(`Agent not found: ${name}. There are ${agents.map(({ name }) => name).join(', ')}`);
  return agent;
}

/** In a session of its own, which is removed afterwards. */
async function call(
  { app, client, directory }: LocalServer,
  agent: string,
  id: string,
  input: object,
): Promise<object> {
  await findAgent(client, agent);
  const [{ InstanceStore }, { ToolRegistry }, { createId }] = await Promise.all([
    import('#libs/instance'),
    import('#libs/tool'),
    import('#libs/contract'),
  ]);
  const session = await client.post<Session>('/session', { title: `Trying ${id}` });
  try {
    return await app.get(InstanceStore).use(directory, async (instance) => {
      const registry = app.get(ToolRegistry);
      const tool = await registry.find(instance, id);
      if (!tool) throw new Error(`Tool not found: ${id}. There are ${(await registry.ids(instance)).join(', ')}`);
      const result = await tool.execute(input, {
        instance,
        sessionID: session.id,
        messageID: createId('message'),
        callID: createId('part'),
        agent,
        messages: [],
        signal: instance.signal,
        ask: async () => undefined,
        update: () => undefined,
      });
      return { tool: id, input, result };
    });
  } finally {
    await client.send('DELETE', `/session/${session.id}`);
  }
}

function parsed(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--params is no JSON: ${String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('--params must be a JSON object');
  return value;
}
