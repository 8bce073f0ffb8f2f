import type { Config } from '#libs/contract';
import type { Environment } from '#libs/extension';
import { BUILT_IN_SERVERS } from './built-in-servers.js';
import { withSettings } from './prepare.js';
import type { ServerDefinition } from './server-definition.js';

/** The servers of an instance: the built-in ones as the configuration changes them, then its own. */
export function serverList(config: Config['lsp'], environment: Environment): ServerDefinition[] {
  if (config === false) return [];
  const servers = new Map(
    BUILT_IN_SERVERS.filter(({ available }) => available?.(environment) ?? true).map((server) => [server.id, server]),
  );
  for (const [id, entry] of Object.entries(config ?? {})) {
    if (entry.disabled === true || !('command' in entry)) {
      if (entry.disabled === true) servers.delete(id);
      continue;
    }
    const [program, ...args] = entry.command;
    if (program === undefined) continue;
    const known = BUILT_IN_SERVERS.find((server) => server.id === id);
    servers.set(id, {
      id,
      extensions: entry.extensions ?? known?.extensions ?? [],
      root: known?.root ?? { kind: 'directory' },
      commands: [{ program, args }],
      source: { hint: `install ${program}, or correct lsp.${id}.command in the configuration` },
      prepare: withSettings(entry.initialization ?? {}),
      ...(entry.env && { env: entry.env }),
      // a way of its own to be asked belongs to the program, which may be another now
      ...(known?.silence !== undefined && { silence: known.silence }),
      ...(known?.notifications && { notifications: known.notifications }),
    });
  }
  return [...servers.values()];
}
