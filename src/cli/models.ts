import type { ConfigProvidersResponse, Model } from '#libs/contract';
import { type Command, type ParsedArguments, UsageError } from './command.js';
import { JSON_OPTION, printJson } from './print.js';
import type { ApiClient } from './server/api-client.js';
import { type LocalServer, SERVER_OPTIONS, withLocalServer, withServer } from './server/with-server.js';
import { whileWaiting } from './while-waiting.js';

/** Lists the models that can be used now. */
export const models: Command = {
  name: 'models',
  summary: 'List the models that can be used',
  words: '[provider]',
  options: {
    refresh: { type: 'boolean', summary: 'Download the list of known models first' },
    verbose: { type: 'boolean', summary: 'Print what is known of each model' },
    ...JSON_OPTION,
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const [wanted] = args.words;
    const { providers } = await (args.options['refresh'] ? refreshed(args) : withServer(args, connected));
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

const connected = (client: ApiClient) => client.get<ConfigProvidersResponse>('/config/providers');

function refreshed(args: ParsedArguments): Promise<ConfigProvidersResponse> {
  if (args.options['attach'] !== undefined)
    throw new UsageError('A running server refreshes its list by itself: --refresh goes without --attach');
  return withLocalServer(args, async ({ app, client }: LocalServer) => {
    const { CatalogueRefresh } = await import('#libs/provider');
    await whileWaiting(app.get(CatalogueRefresh, { strict: false }).update());
    console.error('The list of models is up to date');
    return connected(client);
  });
}

const byId = (a: Model, b: Model): number => a.id.localeCompare(b.id);

/** The vendor's own models first. */
function byName(a: { id: string }, b: { id: string }): number {
  const own = (id: string) => Number(id.startsWith('opencode'));
  return own(b.id) - own(a.id) || a.id.localeCompare(b.id);
}
