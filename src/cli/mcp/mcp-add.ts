import type { Config, McpLocalConfig, McpRemoteConfig, McpServerConfig } from '#libs/contract';
import { askText, choose } from '../ask.js';
import { type Command, countOption, listOption, type ParsedArguments, textOption, UsageError } from '../command.js';
import type { ApiClient } from '../server/api-client.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';

const NAME = /^[\w.-]+$/;
const MISSING = 'Give a name and --url, or a name and the command after --';

/** Writes a server into the configuration file, whose comments stay. */
export const mcpAdd: Command = {
  name: 'mcp add',
  summary: 'Add an MCP server to the configuration: mcp add <name> --url <url>, or mcp add <name> -- <command…>',
  words: '[name] [-- command…]',
  options: {
    url: { type: 'string', value: 'url', summary: 'Address of a server that is reached over HTTP' },
    header: { type: 'string', list: true, value: 'name: value', summary: 'Headers for it; {env:NAME} stays as it is' },
    'client-id': { type: 'string', value: 'id', summary: 'Client that was registered for logins by hand' },
    scope: { type: 'string', value: 'text', summary: 'Scope of logins' },
    env: { type: 'string', list: true, value: 'name=value', summary: 'Variables for a command' },
    timeout: { type: 'string', value: 'milliseconds', summary: 'Time to connect and for a call' },
    disabled: { type: 'boolean', summary: 'Do not connect until somebody asks for it' },
    global: { type: 'boolean', short: 'g', summary: 'Add it for all projects' },
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const [given, ...command] = args.words;
    const name = given ?? (await askText('Name of the server', MISSING));
    if (name === undefined) return 1;
    if (!NAME.test(name)) throw new UsageError(`A name has letters, digits, ".", "-" and "_"; given: ${name}`);
    const config = given === undefined ? await asked() : fromOptions(command, args);
    if (!config) return 1;
    const isGlobal = args.options['global'] === true || (given === undefined && (await chooseGlobal()));
    if (isGlobal === undefined) return 1;
    await withServer(args, (client) => add(client, name, config, isGlobal));
    console.error(`Added ${name} to the ${isGlobal ? 'global configuration' : 'configuration of the project'}`);
    return 0;
  },
};

async function add(client: ApiClient, name: string, config: McpServerConfig, isGlobal: boolean): Promise<void> {
  const path = isGlobal ? '/global/config' : '/config';
  const { mcp = {} } = await client.get<Config>(path);
  if (Object.hasOwn(mcp, name))
    throw new Error(
      `There is an MCP server ${name} already: change it in the configuration file, see opencode config path`,
    );
  await client.send('PATCH', path, { mcp: { [name]: config } });
}

function fromOptions(command: readonly string[], args: ParsedArguments): McpServerConfig {
  const url = textOption(args, 'url');
  if ((url === undefined) === (command.length === 0)) throw new UsageError(MISSING);
  const config = url === undefined ? local(command, args) : remote(url, args);
  const timeout = countOption(args, 'timeout');
  return {
    ...config,
    ...(args.options['disabled'] ? { enabled: false } : {}),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function local(command: readonly string[], args: ParsedArguments): McpLocalConfig {
  refuse(args, ['header', 'client-id', 'scope'], 'is for servers with --url');
  const environment = pairs(args, 'env', /^([^=]+)=(.*)$/s);
  return { type: 'local', command: [...command], ...(environment && { environment }) };
}

function remote(url: string, args: ParsedArguments): McpRemoteConfig {
  refuse(args, ['env'], 'is for commands');
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new UsageError(`--url must be an address: ${url}`);
  const headers = pairs(args, 'header', /^([^:=\s]+)\s*[:=]\s*(.*)$/s);
  const [clientId, scope] = [textOption(args, 'client-id'), textOption(args, 'scope')];
  const oauth = { ...(clientId !== undefined && { clientId }), ...(scope !== undefined && { scope }) };
  return { type: 'remote', url, ...(headers && { headers }), ...(Object.keys(oauth).length > 0 && { oauth }) };
}

function refuse(args: ParsedArguments, names: readonly string[], why: string): void {
  for (const name of names) if (args.options[name] !== undefined) throw new UsageError(`--${name} ${why}`);
}

function pairs(args: ParsedArguments, option: string, form: RegExp): Record<string, string> | undefined {
  const list = listOption(args, option).map((text) => {
    const [, name, value] = form.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--${option} must be a name and a value; given: ${text.split(/[=:]/)[0]}`);
    return [name, value] as const;
  });
  return list.length === 0 ? undefined : Object.fromEntries(list);
}

async function asked(): Promise<McpServerConfig | undefined> {
  const kinds = [
    { value: 'local' as const, label: 'A command', hint: 'is started here' },
    { value: 'remote' as const, label: 'An address', hint: 'is reached over HTTP' },
  ];
  const type = await choose('What is it?', kinds, MISSING);
  if (type === undefined) return undefined;
  const text = await askText(type === 'local' ? 'Command' : 'URL', MISSING);
  if (text === undefined) return undefined;
  if (type === 'remote') return remote(text.trim(), { options: {}, words: [] });
  // as a shell takes it apart, quotes included
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  return { type: 'local', command: words };
}

async function chooseGlobal(): Promise<boolean | undefined> {
  const places = [
    { value: false, label: 'This project' },
    { value: true, label: 'All projects' },
  ];
  return choose('For which projects?', places, MISSING);
}
