import { ConfigInvalidError, ConfigJsonError, PermissionConfigUnion, validateItem } from '#libs/contract';
import type { JsonObject } from './json-object.js';
import { normalise, permissionObject } from './normalise.js';
import { checkKnownKeys } from './validate.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** `OPENCODE_CONFIG_CONTENT`: strict JSON, no placeholders; unknown keys are kept. */
export function loadContent(variables: Variables): JsonObject | undefined {
  const content = parseVariable(variables, 'OPENCODE_CONFIG_CONTENT');
  return content === undefined ? undefined : normalise(checkKnownKeys(content, 'OPENCODE_CONFIG_CONTENT'));
}

/** `OPENCODE_PERMISSION`: permissions laid over those of every file. */
export function loadPermission(variables: Variables): JsonObject | undefined {
  const permission = parseVariable(variables, 'OPENCODE_PERMISSION');
  if (permission === undefined) return undefined;
  const { value, issues } = validateItem(PermissionConfigUnion, permission);
  if (issues) throw new ConfigInvalidError({ path: 'OPENCODE_PERMISSION', issues });
  return permissionObject(value);
}

function parseVariable(variables: Variables, name: string): unknown {
  const text = variables[name];
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigJsonError({ path: name, message: `The environment variable ${name} is no JSON: ${String(error)}` });
  }
}
