import type { MCPStatus } from '#libs/contract';
import type { Command } from '../command.js';
import { JSON_OPTION, printJson } from '../print.js';
import { SERVER_OPTIONS, withServer } from '../server/with-server.js';
import { whileWaiting } from '../while-waiting.js';
import { configuredServers, placeOf, statusLine } from './servers.js';

export const mcpList: Command = {
  name: 'mcp list',
  aliases: ['mcp ls'],
  summary: 'Connect to the MCP servers and list them',
  options: { ...JSON_OPTION, ...SERVER_OPTIONS },

  async run(args) {
    const [servers, statuses] = await withServer(args, (client) =>
      whileWaiting(Promise.all([configuredServers(client), client.get<Record<string, MCPStatus>>('/mcp')])),
    );
    const listed = Object.entries(statuses).map(([name, status]) => ({ name, status, config: servers.get(name) }));
    if (args.options['json']) {
      printJson(
        listed.map(({ name, status, config }) => {
          return { name, ...status, ...(config && { type: config.type, place: placeOf(config) }) };
        }),
      );
      return 0;
    }
    for (const { name, status, config } of listed) {
      console.log(statusLine(name, status));
      if (config) console.log(`    ${placeOf(config)}`);
    }
    console.error(`${listed.length} server${listed.length === 1 ? '' : 's'}`);
    return 0;
  },
};
