import type { Auth, ProviderAuthAuthorization, ProviderAuthMethod } from '#libs/contract';
import { askSecret, askText, choose, search } from '../ask.js';
import { type Command, type ParsedArguments, textOption, UsageError } from '../command.js';
import { openPage } from '../open-page.js';
import type { ApiClient } from '../server/api-client.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';
import { whileWaiting } from '../while-waiting.js';
import { credentials, knownProviders } from './credentials.js';
import { runLogin, wellKnownLogin } from './well-known.js';

/** What most people look for; the others follow by name. */
const FIRST = ['opencode', 'anthropic', 'github-copilot', 'openai', 'google', 'openrouter', 'vercel'];
const OTHER = '';
const KEY: ProviderAuthMethod = { type: 'api', label: 'API key' };

/** Stores a key, or logs in with whatever ways the provider has. */
export const authLogin: Command = {
  name: 'auth login',
  summary: 'Store the key of a provider, or log in to it or to the server at a URL',
  words: '[provider or url]',
  options: {
    key: { type: 'string', value: 'text', summary: 'The API key; better piped in: others can see command lines' },
    method: { type: 'string', value: 'name', summary: 'Way to log in, by a part of its name' },
    yes: { type: 'boolean', short: 'y', summary: 'Run the program that the server at the URL names without asking' },
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const [given, ...rest] = args.words;
    if (rest.length > 0) throw new UsageError('Name one provider or URL');
    if (/^https?:\/\//.test(given ?? '')) return loginToServer((given ?? '').replace(/\/+$/, ''), args);
    const key = given === undefined ? undefined : await givenKey(given, args);
    if (given !== undefined && key !== undefined) return storeKey(given, key, args);
    if (given === undefined && !process.stdin.isTTY) throw new UsageError('Name the provider to log in to');
    return withServer(args, (client) => loginToProvider(client, given, args));
  },
};

async function loginToServer(address: string, args: ParsedArguments): Promise<number> {
  const credential = await runLogin(await wellKnownLogin(address), address, args.options['yes'] === true);
  return credential ? store(address, credential, args) : 1;
}

/** What a script gives; what is piped in is a key, whatever other ways there are. */
async function givenKey(id: string, args: ParsedArguments): Promise<string | undefined> {
  const key = textOption(args, 'key');
  if (key !== undefined || process.stdin.isTTY || textOption(args, 'method') !== undefined) return key;
  return askSecret(`Key of ${id}`, 'Give --key, or pipe the key in');
}

async function loginToProvider(client: ApiClient, given: string | undefined, args: ParsedArguments): Promise<number> {
  const known = await knownProviders(client);
  const id = given ?? (await chooseProvider(known));
  if (id === undefined) return 1;
  if (known.length > 0 && !known.some((provider) => provider.id === id))
    console.error(`Note: there is no provider "${id}" yet; describe it under "provider" in the configuration`);
  const chosen = await chooseMethod(client, id, textOption(args, 'method'));
  if (!chosen) return 1;
  const { method, index } = chosen;
  if (method.type === 'oauth') return login(client, id, index);
  const secret = await askSecret(`${method.label} of ${id}`, 'Give --key, or pipe the key in');
  return secret === undefined ? 1 : storeKey(id, secret, args);
}

async function chooseProvider(known: readonly { id: string; name: string }[]): Promise<string | undefined> {
  const rank = (id: string) => (FIRST.includes(id) ? FIRST.indexOf(id) : FIRST.length);
  const sorted = [...known].sort((a, b) => rank(a.id) - rank(b.id) || a.name.localeCompare(b.name));
  const options = sorted.map(({ id, name }) => ({ value: id, label: name, hint: id }));
  const otherwise = 'Name the provider to log in to';
  const id = await search('Which provider?', [...options, { value: OTHER, label: 'Another one' }], otherwise);
  return id === OTHER ? askText('Id of the provider', otherwise) : id;
}

interface ChosenMethod {
  method: ProviderAuthMethod;
  /** Its position among those of the provider. */
  index: number;
}

async function chooseMethod(
  client: ApiClient,
  id: string,
  wanted: string | undefined,
): Promise<ChosenMethod | undefined> {
  const methods = await client.get<Record<string, ProviderAuthMethod[]>>('/provider/auth');
  const offered = (Object.hasOwn(methods, id) && methods[id]) || [KEY];
  const choices = offered.map((method, index) => ({ method, index }));
  if (wanted === undefined && choices.length > 1)
    return choose(
      'How?',
      choices.map((value) => ({ value, label: value.method.label })),
      'Give --method',
    );
  const fitting = choices.filter(({ method }) => method.label.toLowerCase().includes(wanted?.toLowerCase() ?? ''));
  if (fitting.length === 1) return fitting[0];
  const labels = offered.map(({ label }) => `"${label}"`).join(', ');
  throw new UsageError(`--method must fit one of the ways of ${id}: ${labels}; given: ${wanted}`);
}

async function login(client: ApiClient, id: string, method: number): Promise<number> {
  const path = `/provider/${encodeURIComponent(id)}/oauth`;
  const begun = await client.post<ProviderAuthAuthorization>(`${path}/authorize`, { method });
  if (begun.instructions !== '') console.error(begun.instructions);
  if (begun.url !== '') await openPage(begun.url);
  if (begun.method === 'auto') {
    await whileWaiting(client.post(`${path}/callback`, { method }));
  } else {
    const code = await askSecret('Code that the page shows', 'Pipe the code in, or run this in a terminal');
    if (code === undefined) return 1;
    await client.post(`${path}/callback`, { method, code });
  }
  console.error(`Logged in to ${id}`);
  return 0;
}

async function storeKey(id: string, key: string, args: ParsedArguments): Promise<number> {
  if (key.trim() === '') throw new UsageError('The key is empty');
  return store(id, { type: 'api', key: key.trim() }, args);
}

/** On this machine, or at the server that runs elsewhere. */
async function store(id: string, credential: Auth, args: ParsedArguments): Promise<number> {
  if (textOption(args, 'attach') === undefined) await (await credentials()).store.set(id, credential);
  else await withServer(args, (client) => client.send('PUT', `/auth/${encodeURIComponent(id)}`, credential));
  console.error(`Stored for ${id}: ${credential.type === 'api' ? 'a key' : 'a login'}`);
  return 0;
}
