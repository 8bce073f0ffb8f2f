import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '#libs/contract';
import { MemoryCredentialStore, SystemEnvironment } from '#libs/extension';
import { Instance } from '#libs/instance';
import { ConfigService } from './config.service.js';
import { ProblemService } from './problem.service.js';
import { RemoteConfig } from './remote/remote-config.service.js';

/** Every source, the weakest first: a file, or what is no file. */
const SOURCES = [
  'the server of a login',
  'home/.config/opencode/config.json',
  'home/.config/opencode/opencode.json',
  'home/.config/opencode/opencode.jsonc',
  'named.json',
  'repo/opencode.jsonc',
  'repo/sub/opencode.jsonc',
  'repo/opencode.json',
  'repo/sub/opencode.json',
  'home/.config/opencode/command/x.md',
  'repo/sub/.opencode/opencode.jsonc',
  'repo/sub/.opencode/opencode.json',
  'repo/sub/.opencode/command/x.md',
  'repo/sub/.opencode/commands/x.md',
  'repo/.opencode/opencode.jsonc',
  'repo/.opencode/opencode.json',
  'repo/.opencode/command/x.md',
  'home/.opencode/opencode.jsonc',
  'home/.opencode/opencode.json',
  'home/.opencode/command/x.md',
  'extra/opencode.jsonc',
  'extra/opencode.json',
  'extra/command/x.md',
  'OPENCODE_CONFIG_CONTENT',
  'managed/opencode.jsonc',
  'managed/opencode.json',
];
describe('of two sources', () => {
  let root: string;
  let server: Server;
  let variables: Record<string, string>;
  let remote: object | undefined;
  beforeAll(async () => {
    server = createServer((_, response) => response.end(JSON.stringify({ config: remote })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'precedence-')));
    remote = undefined;
    variables = {
      HOME: join(root, 'home'),
      OPENCODE_TEST_MANAGED_CONFIG_DIR: join(root, 'managed'),
      OPENCODE_CONFIG: join(root, 'named.json'),
      OPENCODE_CONFIG_DIR: join(root, 'extra'),
    };
    await mkdir(join(root, 'repo/sub'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Lets a source say what the command `x` does, and add an instruction where it can. */
  async function say(source: string): Promise<void> {
    const config = { command: { x: { template: source } }, instructions: [source] };
    if (source.startsWith('the server')) remote = config;
    else if (source.startsWith('OPENCODE')) variables[source] = JSON.stringify(config);
    else {
      await mkdir(dirname(join(root, source)), { recursive: true });
      await writeFile(join(root, source), source.endsWith('.md') ? source : JSON.stringify(config));
    }
  }
  async function load(): Promise<Config> {
    // without a login nobody is asked
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const login = { type: 'wellknown', key: 'TOKEN', token: 't' } as const;
    const logins = new MemoryCredentialStore(remote ? { [address]: login } : {});
    const environment = new SystemEnvironment(variables, root);
    const config = new ConfigService(environment, new ProblemService(), new RemoteConfig(logins));
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    return config.get(new Instance(join(root, 'repo/sub'), { worktree: join(root, 'repo'), project }));
  }

  const pairs = SOURCES.slice(1).map((stronger, index) => [SOURCES[index]!, stronger] as const);
  it.each(pairs)('%s is weaker than %s', async (weaker, stronger) => {
    await say(stronger);
    await say(weaker);
    const { command, instructions = [] } = await load();
    expect(command?.['x']?.template).toBe(stronger);
    const listing = [weaker, stronger].filter((source) => !source.endsWith('.md'));
    const replaced = listing.length === 2 && listing.every((source) => source.startsWith('home/.config/opencode/'));
    expect(instructions).toEqual(replaced ? [stronger] : listing);
  });

  it('all others lose against the last, and every list but those of the user adds up', async () => {
    for (const source of SOURCES) await say(source);
    const { command, instructions } = await load();
    expect(command?.['x']?.template).toBe(SOURCES.at(-1));
    const own = ['home/.config/opencode/config.json', 'home/.config/opencode/opencode.json'];
    expect(instructions).toEqual(SOURCES.filter((source) => !source.endsWith('.md') && !own.includes(source)));
  });
});
