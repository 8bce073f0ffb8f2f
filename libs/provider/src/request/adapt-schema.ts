import type { JSONSchema7 } from '@ai-sdk/provider';
import type { Model } from '#libs/contract';
import { apiIdOf } from './model-family.js';

type Node = Record<string, unknown>;

/** A tool's JSON Schema in the subset that the model accepts. The given schema is left as it is. */
export function adaptSchema(schema: JSONSchema7, model: Model): JSONSchema7 {
  const gemini = model.providerID === 'google' || apiIdOf(model).includes('gemini');
  return gemini ? (forGemini(schema) as JSONSchema7) : schema;
}

/** Gemini knows string enums only, and nothing that its own schema language lacks. */
function forGemini(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forGemini);
  if (!isNode(value)) return value;
  const node: Node = {};
  for (const [key, item] of Object.entries(value)) {
    // names of properties are not keywords
    if (key === 'properties' && isNode(item))
      node[key] = Object.fromEntries(Object.entries(item).map(([name, sub]) => [name, forGemini(sub)]));
    else node[key] = key === 'enum' || key === 'default' || key === 'const' ? item : forGemini(item);
  }
  return fixObject(fixArray(fixEnum(node)));
}

function fixEnum(node: Node): Node {
  if (!Array.isArray(node['enum'])) return node;
  const type = node['type'] === 'integer' || node['type'] === 'number' ? { type: 'string' } : {};
  return { ...node, ...type, enum: node['enum'].map(String) };
}

function fixArray(node: Node): Node {
  if (node['type'] !== 'array') return node;
  const items = isNode(node['items']) ? node['items'] : {};
  const typed = ['type', '$ref', 'anyOf', 'oneOf', 'allOf'].some((key) => key in items);
  return { ...node, items: typed ? items : { ...items, type: 'string' } };
}

function fixObject(node: Node): Node {
  if (node['type'] !== undefined && node['type'] !== 'object') {
    const { properties: _properties, required: _required, ...rest } = node;
    return rest;
  }
  const { properties, required } = node;
  if (!isNode(properties) || !Array.isArray(required)) return node;
  return { ...node, required: required.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name)) };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
