import type { Session } from '#libs/contract';
import { type Command, countOption, UsageError } from '../command.js';
import { JSON_OPTION, printJson, printTable } from '../print.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';

export const sessionList: Command = {
  name: 'session list',
  aliases: ['session ls'],
  summary: 'List the sessions of the project, newest first',
  options: {
    'max-count': { type: 'string', short: 'n', value: 'number', summary: 'At most so many' },
    format: { type: 'string', value: 'format', choices: ['table', 'json'], summary: 'How', fallback: 'table' },
    ...JSON_OPTION,
    ...SERVER_OPTIONS,
  },

  async run(args) {
    const limit = countOption(args, 'max-count');
    const query = { roots: true, limit: limit ?? Number.MAX_SAFE_INTEGER };
    const sessions = await withServer(args, (client) => client.get<Session[]>('/session', query));
    if (args.options['json'] || args.options['format'] === 'json')
      printJson(
        sessions.map(({ id, title, time: { updated, created }, projectID, directory }) => {
          return { id, title, updated, created, projectId: projectID, directory };
        }),
      );
    else if (sessions.length > 0)
      printTable(
        ['Session ID', 'Title', 'Updated'],
        sessions.map(({ id, title, time }) => [id, title, new Date(time.updated).toLocaleString()]),
      );
    return 0;
  },
};

export const sessionDelete: Command = {
  name: 'session delete',
  aliases: ['session rm'],
  summary: 'Delete sessions with everything they hold',
  words: '<session…>',
  options: SERVER_OPTIONS,

  async run(args) {
    if (args.words.length === 0) throw new UsageError('Name the sessions to delete');
    await withServer(args, async (client) => {
      for (const id of args.words) {
        await client.send('DELETE', `/session/${encodeURIComponent(id)}`);
        console.error(`Deleted ${id}`);
      }
    });
    return 0;
  },
};
