import { isObject, type JsonObject } from './json-object.js';

/** The keys of an agent that mean something to the server; any other one is an option for its model. */
const AGENT_KEYS = new Set([
  ...['name', 'model', 'variant', 'temperature', 'top_p', 'prompt', 'tools', 'disable', 'description', 'mode'],
  ...['hidden', 'options', 'color', 'steps', 'maxSteps', 'permission'],
]);

/** Tools that change files: one permission covers them. */
const EDITING_TOOLS = new Set(['write', 'edit', 'patch', 'multiedit']);

/** Brings the short and the deprecated spellings of one source into the form the others have. */
export function normalise(config: JsonObject): JsonObject {
  const result = { ...config };
  if (result['permission'] !== undefined) result['permission'] = permissionObject(result['permission']);
  for (const key of ['agent', 'mode']) {
    const agents = result[key];
    if (isObject(agents))
      result[key] = Object.fromEntries(Object.entries(agents).map(([name, agent]) => [name, normaliseAgent(agent)]));
  }
  return result;
}

/** `"ask"` is short for `{"*":"ask"}`. */
export function permissionObject(permission: unknown): JsonObject {
  if (typeof permission === 'string') return { '*': permission };
  if (!isObject(permission)) return {};
  const { __originalKeys: _internal, ...rules } = permission;
  return rules;
}

/** The deprecated `tools` map as permissions. */
export function toolPermissions(tools: unknown): JsonObject {
  if (!isObject(tools)) return {};
  const permission: JsonObject = {};
  for (const [tool, enabled] of Object.entries(tools))
    permission[EDITING_TOOLS.has(tool) ? 'edit' : tool] = enabled ? 'allow' : 'deny';
  return permission;
}

function normaliseAgent(agent: unknown): unknown {
  if (!isObject(agent)) return agent;
  const extra = Object.entries(agent).filter(([key]) => !AGENT_KEYS.has(key));
  const steps = agent['steps'] ?? agent['maxSteps'];
  return {
    ...agent,
    options: { ...(isObject(agent['options']) ? agent['options'] : {}), ...Object.fromEntries(extra) },
    permission: { ...toolPermissions(agent['tools']), ...permissionObject(agent['permission'] ?? {}) },
    ...(steps === undefined ? {} : { steps }),
  };
}
