import { readFileSync } from 'node:fs';

interface Content {
  content?: Record<string, { schema: unknown }>;
}

export interface ReferenceOperation {
  operationId: string;
  parameters?: { in: string; name: string; required?: boolean; schema: unknown }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface ReferenceDocument {
  paths: Record<string, Record<string, ReferenceOperation>>;
  components: { schemas: Record<string, unknown> };
}

/** The document of the reference server, its texts removed. */
export const reference = JSON.parse(
  readFileSync(new URL('reference-openapi.json', import.meta.url), 'utf8'),
) as ReferenceDocument;
