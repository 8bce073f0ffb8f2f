import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { ConfigInvalidError, ConfigJsonError, PermissionConfigUnion, validateItem } from '#libs/contract';
import type { Environment } from '#libs/extension';
import type { JsonObject } from './json-object.js';
import { normalise, permissionObject } from './normalise.js';
import { checkKnownKeys } from './validate.js';

const CONTENT = 'OPENCODE_CONFIG_CONTENT';
const PERMISSION = 'OPENCODE_PERMISSION';
/** Flags that switch a kind of compaction off. */
const COMPACTION = { OPENCODE_DISABLE_AUTOCOMPACT: 'auto', OPENCODE_DISABLE_PRUNE: 'prune' };

/** What a variable of the environment says of the configuration. */
export interface VariableSource {
  readonly place: string;
  /** @throws ConfigJsonError, ConfigInvalidError */
  readonly read: () => JsonObject;
}

/** A whole configuration in a variable: strict JSON, no placeholders; unknown keys are kept. */
export function contentVariables({ variables }: Environment): VariableSource[] {
  const text = variables[CONTENT];
  return text ? [{ place: CONTENT, read: () => normalise(checkKnownKeys(parsed(text, CONTENT), CONTENT)) }] : [];
}

/** What is laid over everything else. */
export function overlayVariables(environment: Environment): VariableSource[] {
  const text = environment.variables[PERMISSION];
  const flags = Object.entries(COMPACTION).filter(([name]) => environment.flag(name));
  return [
    ...(text ? [{ place: PERMISSION, read: () => ({ permission: permissionOf(text) }) }] : []),
    ...flags.map(([place, key]) => ({ place, read: () => ({ compaction: { [key]: false } }) })),
  ];
}

function permissionOf(text: string): JsonObject {
  const { value, issues } = validateItem(PermissionConfigUnion, parsed(text, PERMISSION));
  if (issues) throw new ConfigInvalidError({ path: PERMISSION, issues });
  return permissionObject(value);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the error itself quotes the text, and with it what may be a secret
    throw new ConfigJsonError({ path: name, message: `The environment variable ${name} is no JSON${placeIn(text)}` });
  }
}

function placeIn(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  return first ? `: ${printParseErrorCode(first.error)} at character ${first.offset + 1}` : '';
}
