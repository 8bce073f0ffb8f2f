import type { Command } from './command.js';
import { printJson } from './print.js';

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
