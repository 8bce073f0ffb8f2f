import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Response {
  content?: Record<string, unknown>;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Response> }>>;
  components: { schemas: Record<string, unknown> };
}

const pointer = (...keys: string[]) =>
  keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** The same schemas, except that what they do not name is refused. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === 'enum' || key === 'const' ? value : closed(value),
  ]);
  const result = Object.fromEntries(entries) as Record<string, unknown>;
  if (
    result['type'] === 'object' &&
    'properties' in result &&
    !('additionalProperties' in result) &&
    !('allOf' in result)
  )
    result['additionalProperties'] = false;
  return result;
}

/**
 * Where more is said than is documented, as by the reference: it lists whole providers and models, and the list of
 * issues that it calls `errors` comes as `error` too.
 */
const saysMore = (operation: string, status: number) => operation === 'provider.list' || status === 400;

/** Checks what the server says against the document it serves. */
export class ServedContract {
  /** Operations and the statuses seen of them. */
  readonly seen = new Map<string, Set<number>>();
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });

  constructor(readonly document: OpenApi) {
    this.ajv.addSchema(closed(document) as object, 'closed');
    this.ajv.addSchema(document, 'open');
  }

  /** The operation that a request is for. */
  operation(method: string, path: string): { id: string; template: string; responses: Record<string, Response> } {
    const segments = path.replace(/\?.*$/, '').split('/');
    const fits = (template: string) => {
      const names = template.split('/');
      return (
        names.length === segments.length && names.every((name, at) => name === segments[at] || name.startsWith('{'))
      );
    };
    const template = Object.keys(this.document.paths)
      .filter(fits)
      .sort((a, b) => a.split('{').length - b.split('{').length)[0];
    const operation = this.document.paths[template ?? '']?.[method.toLowerCase()];
    if (!template || !operation) throw new Error(`${method} ${path} is not in the document`);
    return { id: operation.operationId, template, responses: operation.responses };
  }

  /** The schema of an answer; undefined when it has no body. */
  answer(method: string, path: string, status: number): ValidateFunction | undefined {
    const { id, template, responses } = this.operation(method, path);
    const statuses = this.seen.get(id) ?? new Set();
    this.seen.set(id, statuses.add(status));
    const response = responses[String(status)];
    if (!response) throw new Error(`${id}: status ${status} is not in the document`);
    const type = Object.keys(response.content ?? {})[0];
    if (type === undefined) return undefined;
    const keys = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    return this.schema(keys, saysMore(id, status) ? 'open' : 'closed');
  }

  schema(keys: readonly string[], document = 'closed'): ValidateFunction {
    const name = `${document}#/${pointer(...keys)}`;
    return this.ajv.getSchema(name) ?? this.ajv.compile({ $ref: name });
  }
}

/** What does not fit, with the value that does not; empty when all is well. */
export function problems(validate: ValidateFunction, value: unknown): unknown[] {
  return validate(value)
    ? []
    : [
        value,
        ...(validate.errors ?? []).map(({ instancePath, message, params }) => ({ instancePath, message, params })),
      ];
}
