import { choose } from '../ask.js';
import { type Command, UsageError } from '../command.js';
import { credentials } from './credentials.js';

export const authLogout: Command = {
  name: 'auth logout',
  summary: 'Forget a stored key or login',
  words: '[provider or url]',
  options: {},

  async run({ words: [given, ...rest] }) {
    if (rest.length > 0) throw new UsageError('Name one provider');
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
