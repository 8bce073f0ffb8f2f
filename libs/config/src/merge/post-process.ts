import { type Config, KEYBIND_DEFAULTS } from '#libs/contract';
import type { Environment } from '#libs/extension';
import { isObject, type JsonObject } from '../load/json-object.js';
import { permissionObject, toolPermissions } from '../load/normalise.js';
import { mergeDeep } from './merge.js';

/** The last steps, once every source is merged: deprecated spellings, defaults. */
export function postProcess(merged: JsonObject, { variables }: Environment): Config {
  const permission = withPermissions(merged);
  // every source was validated, and none of these steps leaves the schema
  return {
    ...merged,
    agent: withModes(merged),
    mode: merged['mode'] ?? {},
    plugin: lastOfEachName(merged['plugin']),
    command: merged['command'] ?? {},
    username: merged['username'] || variables['USER'] || variables['USERNAME'] || 'unknown',
    keybinds: mergeDeep(KEYBIND_DEFAULTS, isObject(merged['keybinds']) ? merged['keybinds'] : {}),
    ...(permission && { permission }),
    ...(merged['autoshare'] === true && merged['share'] === undefined && { share: 'auto' }),
  } as Config;
}

/** A mode is an agent of the old days. */
function withModes({ agent, mode }: JsonObject): JsonObject {
  const agents = isObject(agent) ? agent : {};
  if (!isObject(mode)) return agents;
  const entries = Object.entries(mode).flatMap(([name, each]) =>
    isObject(each) ? [[name, { ...each, mode: 'primary' }] as const] : [],
  );
  return mergeDeep(agents, Object.fromEntries(entries));
}

/** The map of tools comes first, so that a permission wins over it. */
function withPermissions({ permission, tools }: JsonObject): JsonObject | undefined {
  if (permission === undefined && tools === undefined) return undefined;
  return mergeDeep(toolPermissions(tools), permissionObject(permission));
}

/** A plugin that is named twice, perhaps in two versions, is taken once: as named last. */
function lastOfEachName(plugins: unknown): string[] {
  const byName = new Map<string, string>();
  for (const plugin of Array.isArray(plugins) ? plugins.map(String) : []) {
    const name = nameOf(plugin);
    byName.delete(name);
    byName.set(name, plugin);
  }
  return [...byName.values()];
}

/** Of a file its base name, of a package its name without version. */
function nameOf(plugin: string): string {
  if (plugin.startsWith('file://')) return plugin.slice(plugin.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const at = plugin.lastIndexOf('@');
  return at > 0 ? plugin.slice(0, at) : plugin;
}
