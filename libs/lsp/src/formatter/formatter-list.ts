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
    const own = entry.command !== undefined && entry.command.length > 0;
    if (entry.disabled === true || (!own && !known)) continue;
    formatters.set(name, {
      name,
      extensions: entry.extensions ?? known?.extensions ?? [],
      command: own ? entry.command! : known!.command,
      environment: { ...known?.environment, ...entry.environment },
      enabled: own ? async () => true : known!.enabled,
    });
  }
  return [...formatters.values()];
}
