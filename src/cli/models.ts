import type { ConfigProvidersResponse, Model } from '#libs/contract';
import type { Command } from './command.js';
import { JSON_OPTION, printJson } from './print.js';
import { SERVER_OPTIONS, withServer } from './server/with-server.js';

/** Lists the models that can be used now. */
export const models: Command = {
  name: 'models',
  summary: 'List the models that can be used',
  words: '[provider]',
  options: {
    verbose: { type: 'boolean', summary: 'Print what is known of each model' },
    ...JSON_OPTION,
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const [wanted] = args.words;
    const { providers } = await withServer(args, (client) => client.get<ConfigProvidersResponse>('/config/providers'));
    const chosen = providers.filter(({ id }) => wanted === undefined || id === wanted).sort(byName);
    if (wanted !== undefined && chosen.length === 0) {
      console.error(
        `Provider not found: ${wanted}. Connected are ${providers.map(({ id }) => id).join(', ') || 'none'}`,
      );
      return 1;
    }
    const found = chosen.flatMap(({ models }) => Object.values(models).sort(byId));
    if (args.options['json']) printJson(found);
    else
      for (const model of found) {
        console.log(`${model.providerID}/${model.id}`);
        if (args.options['verbose']) printJson(model);
      }
    return 0;
  },
};

const byId = (a: Model, b: Model): number => a.id.localeCompare(b.id);

/** The vendor's own models first. */
function byName(a: { id: string }, b: { id: string }): number {
  const own = (id: string) => Number(id.startsWith('opencode'));
  return own(b.id) - own(a.id) || a.id.localeCompare(b.id);
}
