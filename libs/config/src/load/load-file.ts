import type { JsonObject } from './json-object.js';
import type { LoadContext } from './load-context.js';
import { normalise } from './normalise.js';
import { parseJsonc } from './parse-jsonc.js';
import { readConfigText } from './read-text.js';
import { resolvePlugins } from './resolve-plugins.js';
import { substitute } from './substitute.js';
import { validateText } from './validate.js';

/** What `$schema` says of a configuration file. */
export const CONFIG_SCHEMA = 'https://opencode.ai/config.json';

/**
 * One configuration file, ready to be merged; undefined when there is none. The file itself is never changed.
 * @throws ConfigJsonError, ConfigInvalidError
 */
export async function loadFile(path: string, context: LoadContext): Promise<JsonObject | undefined> {
  await context.trail.note(path);
  const text = await readConfigText(path);
  return text === undefined ? undefined : await loadText(text, path, context);
}

/** The same for a text from elsewhere. */
export async function loadText(original: string, path: string, context: LoadContext): Promise<JsonObject> {
  const text = await substitute(original, path, context);
  const config = validateText(parseJsonc(text, path, original), { path, text, original });
  if (config.plugin) config.plugin = await resolvePlugins(config.plugin, path);
  return normalise({ $schema: CONFIG_SCHEMA, ...config });
}
