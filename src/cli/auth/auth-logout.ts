import { choose } from '../ask.js';
import { type Command, textOption, UsageError } from '../command.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';
import { credentials } from './credentials.js';

export const authLogout: Command = {
  name: 'auth logout',
  summary: 'Forget a stored key or login',
  words: '[provider or url]',
  options: SERVER_OPTIONS,

  async run(args) {
    const [given, ...rest] = args.words;
    if (rest.length > 0) throw new UsageError('Name one provider');
    if (textOption(args, 'attach') !== undefined) {
      // no route tells what is stored there
      if (given === undefined) throw new UsageError('Name the provider to log out from');
      await withServer(args, (client) => client.send('DELETE', `/auth/${encodeURIComponent(given)}`));
      console.error(`Forgot ${given}`);
      return 0;
    }
    const { store } = await credentials();
    const stored = await store.list();
    if (stored.size === 0) throw new Error('Nothing is stored: there are no keys and logins to forget');
    const id =
      given ??
      (await choose(
        'Which one?',
        [...stored].map(([value, { type }]) => ({ value, label: value, hint: type })),
        'Name the provider to log out from',
      ));
    if (id === undefined) return 1;
    if (!stored.has(id))
      throw new Error(`Nothing is stored for ${id}. There are keys and logins for ${[...stored.keys()].join(', ')}`);
    await store.remove(id);
    console.error(`Forgot ${id}`);
    return 0;
  },
};
