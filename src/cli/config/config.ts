import { existsSync } from 'node:fs';
import type { Command } from '../command.js';
import { JSON_OPTION, printJson } from '../print.js';
import { DIRECTORY_OPTIONS, SERVER_OPTIONS, withLocalServer, withServer } from '../server/with-server.js';

/** Prints the form of configuration files, for editors and checks. */
export const configSchema: Command = {
  name: 'config schema',
  summary: 'Print the JSON Schema of configuration files',
  options: {},

  async run() {
    const { configSchema: schema } = await import('#libs/config');
    printJson(schema());
    return 0;
  },
};

/** Prints what holds, fit to be shown to others. */
export const configShow: Command = {
  name: 'config show',
  summary: 'Print the configuration of the project, merged of all its sources, without keys and passwords',
  options: {
    global: { type: 'boolean', short: 'g', summary: 'What the files of the user say' },
    secrets: { type: 'boolean', summary: 'Print keys and passwords too' },
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const path = args.options['global'] ? '/global/config' : '/config';
    const config = await withServer(args, (client) => client.get<Record<string, unknown>>(path));
    const { redactOptions } = await import('#libs/provider');
    printJson(args.options['secrets'] ? config : redactOptions(config));
    return 0;
  },
};

/** Prints where configuration comes from, also where it is broken. */
export const configPath: Command = {
  name: 'config path',
  summary: 'List where the configuration comes from, in the order in which it is read: the last one wins',
  options: {
    all: { type: 'boolean', summary: 'List files that are not there, too' },
    ...JSON_OPTION,
    ...DIRECTORY_OPTIONS,
  },

  async run(args) {
    const sources = await withLocalServer(args, async ({ app, directory }) => {
      const [{ InstanceStore }, { ConfigService }] = await Promise.all([
        import('#libs/instance'),
        import('#libs/config'),
      ]);
      return app.get(InstanceStore).use(directory, (instance) => app.get(ConfigService).sources(instance));
    });
    const found = sources
      .map(({ kind, place }) => ({
        kind,
        place,
        exists: kind === 'server' || kind === 'variable' || existsSync(place),
      }))
      .filter(({ exists }) => exists || args.options['all']);
    if (args.options['json']) printJson(found);
    else
      for (const { kind, place, exists } of found)
        console.log(`${kind.padEnd(10)}${place}${exists ? '' : '  (missing)'}`);
    return 0;
  },
};
