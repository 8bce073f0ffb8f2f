import type { Agent } from '#libs/contract';
import type { Command } from '../command.js';
import { JSON_OPTION, printJson } from '../print.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';

export const agentList: Command = {
  name: 'agent list',
  aliases: ['agent ls'],
  summary: 'List the agents of the project and their permissions',
  options: { ...JSON_OPTION, ...SERVER_OPTIONS },

  async run(args) {
    const agents = await withServer(args, (client) => client.get<Agent[]>('/agent'));
    agents.sort((a, b) => Number(b.native ?? false) - Number(a.native ?? false) || a.name.localeCompare(b.name));
    if (args.options['json']) printJson(agents);
    else
      for (const { name, mode, permission } of agents) {
        console.log(`${name} (${mode})`);
        console.log(`  ${JSON.stringify(permission, undefined, 2).replaceAll('\n', '\n  ')}`);
      }
    return 0;
  },
};
