import {
  Config,
  ConfigInvalidError,
  type Issue,
  LANGUAGE_SERVER_IDS,
  toJsonSchema,
  validateInput,
} from '#libs/contract';
import { isObject, type JsonObject } from './json-object.js';
import { type ConfigText, withPlaces } from './issue-place.js';
import { nearest } from './nearest.js';

/**
 * The clean value of a configuration.
 * @param source of the value: issues tell where in its text they are
 * @throws ConfigInvalidError with every issue; a mistyped key comes with the key that was probably meant
 */
export function validateText(value: unknown, source: ConfigText): Config {
  const validated = validateInput(Config, value);
  const found = validated.issues ?? serversWithoutFiles(validated.value);
  if (!validated.issues && found.length === 0) return validated.value;
  const issues = withPlaces(withSuggestions(found), source);
  throw new ConfigInvalidError({ path: source.path, issues });
}

/**
 * Checks a value whose unknown keys are to be kept: wrong types are refused all the same.
 * @throws ConfigInvalidError
 */
export function checkKnownKeys(value: unknown, path: string): JsonObject {
  const issues = (validateInput(Config, value).issues ?? []).filter((issue) => !isOnlyUnknown(issue));
  if (issues.length > 0 || !isObject(value)) throw new ConfigInvalidError({ path, issues });
  return value;
}

/** Adds to every unknown key the valid one it resembles. */
function withSuggestions(issues: readonly Issue[], parent: Issue['path'] = []): Issue[] {
  return issues.map((issue) => {
    const path = [...parent, ...issue.path];
    if (issue.code === 'invalid_union')
      return { ...issue, errors: issue.errors.map((errors) => withSuggestions(errors, path)) };
    if (issue.code !== 'unrecognized_keys') return issue;
    const valid = keysAt(path);
    const hints = issue.keys.flatMap((key) => nearest(key, valid) ?? []);
    if (hints.length === 0) return issue;
    const list = [...new Set(hints)].map((hint) => JSON.stringify(hint)).join(', ');
    return { ...issue, message: `${issue.message}. Did you mean ${list}?` };
  });
}

/** Language servers that are not built in have to say which files they are for. */
function serversWithoutFiles({ lsp }: Config): Issue[] {
  const ids = Object.entries(lsp || {}).flatMap(([id, entry]) =>
    LANGUAGE_SERVER_IDS.includes(id) || entry.disabled === true || 'extensions' in entry ? [] : id,
  );
  if (ids.length === 0) return [];
  const message = `Language servers that are not built in need "extensions", such as [".xyz"]: ${ids.join(', ')}`;
  return [{ code: 'custom', path: ['lsp'], message }];
}

function isOnlyUnknown(issue: Issue): boolean {
  if (issue.code === 'unrecognized_keys') return true;
  return (
    issue.code === 'invalid_union' && issue.errors.some((errors) => errors.length > 0 && errors.every(isOnlyUnknown))
  );
}

let configSchema: JsonObject | undefined;

/** The keys that a configuration may have below a path. */
function keysAt(path: Issue['path']): Set<string> {
  configSchema ??= toJsonSchema(Config);
  let schemas = alternatives(configSchema);
  for (const step of path) schemas = schemas.flatMap((schema) => alternatives(below(schema, step)));
  return new Set(
    schemas.flatMap((schema) => (isObject(schema['properties']) ? Object.keys(schema['properties']) : [])),
  );
}

function below(schema: JsonObject, step: string | number): unknown {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  if (typeof step === 'number') return schema['items'];
  return Object.hasOwn(properties, step) ? properties[step] : schema['additionalProperties'];
}

function alternatives(schema: unknown): JsonObject[] {
  if (!isObject(schema)) return [];
  return Array.isArray(schema['anyOf']) ? schema['anyOf'].flatMap(alternatives) : [schema];
}
