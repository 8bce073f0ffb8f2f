import type { JsonObject } from './json-object.js';
import { normalise } from './normalise.js';
import { parseJsonc } from './parse-jsonc.js';
import { readConfigText } from './read-text.js';
import { resolvePlugins } from './resolve-plugins.js';
import { type PlaceholderSource, substitute } from './substitute.js';
import { validateConfig } from './validate.js';

const SCHEMA = 'https://opencode.ai/config.json';

/**
 * One configuration file, ready to be merged; undefined when there is none. The file itself is never changed.
 * @throws ConfigJsonError, ConfigInvalidError
 */
export async function loadFile(path: string, source: PlaceholderSource): Promise<JsonObject | undefined> {
  const original = await readConfigText(path);
  if (original === undefined) return undefined;
  const text = await substitute(original, path, source);
  const config = validateConfig(parseJsonc(text, path, original), path);
  if (config.plugin) config.plugin = await resolvePlugins(config.plugin, path);
  return normalise({ $schema: SCHEMA, ...config });
}
