import type { Command } from '../command.js';
import { JSON_OPTION, printJson, printTable } from '../print.js';
import { DIRECTORY_OPTIONS, withLocalServer } from '../server/with-server.js';
import { credentials, knownProviders } from './credentials.js';

/** Shows which keys and logins there are, never what they are. */
export const authList: Command = {
  name: 'auth list',
  aliases: ['auth ls'],
  summary: 'List the stored keys and logins, and the keys in environment variables',
  options: { ...JSON_OPTION, ...DIRECTORY_OPTIONS },

  async run(args) {
    const { path, store } = await credentials();
    const providers = await withLocalServer(args, ({ client }) => knownProviders(client));
    const nameOf = (id: string) => providers.find((provider) => provider.id === id)?.name ?? id;
    const stored = [...(await store.list())].map(([id, { type }]) => ({ id, name: nameOf(id), type }));
    const environment = providers.flatMap(({ id, name, env }) =>
      env.filter((variable) => process.env[variable]).map((variable) => ({ id, name, variable })),
    );
    if (args.options['json']) {
      printJson({ path, credentials: stored, environment });
      return 0;
    }
    console.error(`${path}: ${count(stored.length, 'credential')}`);
    if (stored.length > 0)
      printTable(
        ['Provider', 'Id', 'Type'],
        stored.map(({ id, name, type }) => [name, id, type]),
      );
    if (environment.length === 0) return 0;
    console.error(`\nEnvironment: ${count(environment.length, 'variable')}`);
    printTable(
      ['Provider', 'Id', 'Variable'],
      environment.map(({ id, name, variable }) => [name, id, variable]),
    );
    return 0;
  },
};

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
