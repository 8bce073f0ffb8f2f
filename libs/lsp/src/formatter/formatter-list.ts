import type { Config } from '#libs/contract';
import { BUILT_IN_FORMATTERS } from './built-in-formatters.js';
import type { FormatterDefinition } from './formatter-definition.js';

/**
 * The formatters of an instance: the built-in ones as the configuration changes them, then its own. What an entry
 * leaves out stays as it is built in.
 */
export function formatterList(config: Config['formatter']): FormatterDefinition[] {
  if (config === false) return [];
  const formatters = new Map(BUILT_IN_FORMATTERS.map((formatter) => [formatter.name, formatter]));
  for (const [name, entry] of Object.entries(config ?? {})) {
    const known = formatters.get(name);
    if (entry.disabled === true) formatters.delete(name);
    const run = entry.command?.length ? { command: entry.command, enabled: async () => true } : known;
    if (entry.disabled === true || !run) continue;
    formatters.set(name, {
      ...run,
      name,
      extensions: entry.extensions ?? known?.extensions ?? [],
      environment: { ...known?.environment, ...entry.environment },
    });
  }
  return [...formatters.values()];
}
