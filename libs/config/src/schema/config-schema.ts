import { Config, toJsonSchema } from '#libs/contract';
import { isObject, type JsonObject } from '../load/json-object.js';
import { KEY_NOTES } from './key-notes.js';

/** The JSON Schema of a configuration file, made of the same classes that validate it. */
export function configSchema(): JsonObject {
  const { properties, ...rest } = toJsonSchema(Config);
  const described = Object.entries(isObject(properties) ? properties : {}).map(([key, schema]) => [
    key,
    { ...(isObject(schema) ? schema : {}), description: KEY_NOTES[key as keyof Config] },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of opencode',
    // for editors that know these: JSON with comments
    allowComments: true,
    allowTrailingCommas: true,
    ...rest,
    properties: Object.fromEntries(described) as JsonObject,
  };
}
