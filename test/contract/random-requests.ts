import type { OpenApi } from './served-contract.js';

type Schema = Record<string, unknown> & { type?: string | string[] };

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface RandomRequest {
  id: string;
  method: string;
  /** With query. */
  path: string;
  /** JSON text. */
  body?: string;
}

/** What no schema expects. */
const STRANGE = [
  ...[null, true, -1, 0, 1e308, 1.5, '', 'x', '%', '../../etc/passwd', '\u0000', '😀'.repeat(50), 'a'.repeat(5_000)],
  ...[[], {}, [[]], { a: { b: 1 } }, '__proto__', 'constructor', 'C:\\x', '{env:HOME}', 'ses_x'],
];
const TEXTS = ['hello', 'a.txt', '', '.', '*', 'scripted', 'test', 'build', 'text/plain', 'data:text/plain,hi'];
const NUMBERS = [0, 1, -1, 10, 0.5, 99_999_999_999];
const MAX_DEPTH = 6;

/** Requests out of a document: most of them valid, some a little wrong, some very. The same for each seed. */
export class RandomRequests {
  private readonly operations: { method: string; path: string; operation: Operation }[];
  /** Ids that exist, by their prefix. */
  private readonly ids = new Map<string, string[]>();
  private state: number;

  constructor(
    private readonly document: OpenApi,
    seed: number,
    left: readonly string[],
  ) {
    this.state = seed;
    this.operations = Object.entries(document.paths as unknown as Record<string, Record<string, Operation>>)
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))
      .filter(({ operation }) => !left.includes(operation.operationId));
  }

  /** Ids in an answer are used by later requests. */
  learn(answer: string): void {
    for (const [, id, prefix] of answer.matchAll(/"id":"((ses|msg|prt|pty|per|que)_\w+)"/g)) {
      const known = this.ids.get(prefix!) ?? [];
      if (!known.includes(id!)) this.ids.set(prefix!, [...known.slice(-20), id!]);
    }
  }

  next(): RandomRequest {
    const { method, path, operation } = this.pick(this.operations);
    let filled = path;
    const query = new URLSearchParams();
    for (const { name, in: place, required = false, schema } of operation.parameters ?? []) {
      if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(this.segment(name, schema)));
      else if (place === 'query' && name !== 'directory' && this.chance(required ? 0.95 : 0.5))
        query.set(name, textOf(this.value(schema)));
    }
    const schema = operation.requestBody?.content['application/json']?.schema;
    const body = schema && this.chance(0.97) ? this.body(schema) : undefined;
    return {
      id: operation.operationId,
      method: method.toUpperCase(),
      path: query.size > 0 ? `${filled}?${query.toString()}` : filled,
      ...(body !== undefined && { body }),
    };
  }

  private body(schema: Schema): string {
    return this.chance(0.02) ? '{"cut' : JSON.stringify(this.value(schema));
  }

  private segment(name: string, schema: Schema): string {
    const prefix = { sessionID: 'ses', messageID: 'msg', partID: 'prt', ptyID: 'pty', permissionID: 'per' }[name];
    if (prefix && this.chance(0.8)) return this.id(prefix);
    const text = textOf(this.value(schema)).slice(0, 100);
    // these would be another path
    return ['', '.', '..'].includes(text) ? 'x' : text;
  }

  private id(prefix: string): string {
    return this.pick([...(this.ids.get(prefix) ?? []), `${prefix}_unknown`]);
  }

  private value(schema: Schema, depth = 0): unknown {
    if (depth > MAX_DEPTH || this.chance(0.05)) return this.pick(STRANGE);
    if (typeof schema['$ref'] === 'string')
      return this.value(this.document.components.schemas[schema['$ref'].split('/').at(-1)!] as Schema, depth);
    if ('const' in schema) return schema['const'];
    if (Array.isArray(schema['enum'])) return this.pick(schema['enum']);
    const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
    if (choices) return this.value(this.pick(choices), depth + 1);
    switch (Array.isArray(schema.type) ? this.pick(schema.type) : schema.type) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return this.several(() => this.value((schema['items'] ?? {}) as Schema, depth + 1));
      case 'string': {
        const prefix = /^\^(ses|msg|prt|pty|per|que)/.exec(String(schema['pattern']))?.[1];
        return prefix ? this.id(prefix) : this.pick(TEXTS);
      }
      case 'integer':
      case 'number':
        return this.pick(NUMBERS);
      case 'boolean':
        return this.chance(0.5);
      default:
        return this.pick(STRANGE);
    }
  }

  private object(schema: Schema, depth: number): unknown {
    const required = (schema['required'] ?? []) as string[];
    const own = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
      .filter(([name]) => this.chance(required.includes(name) ? 0.97 : 0.4))
      .map(([name, property]) => [name, this.value(property, depth + 1)]);
    const further = schema['additionalProperties'];
    const others =
      typeof further === 'object' && further !== null
        ? this.several(() => [this.pick(['a', 'b', '__proto__', 'x.y']), this.value(further as Schema, depth + 1)])
        : [];
    return Object.fromEntries([...own, ...others] as [string, unknown][]);
  }

  private several<T>(make: () => T): T[] {
    return Array.from({ length: Math.floor(this.random() * 3) }, make);
  }

  private pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }

  private chance(of: number): boolean {
    return this.random() < of;
  }

  /** Between 0 and 1. */
  private random(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 2 ** 32;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
