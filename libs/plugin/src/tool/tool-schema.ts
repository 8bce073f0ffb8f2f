/** The part of a zod schema that is the same in every copy of zod 4. */
interface ForeignSchema {
  _zod: unknown;
  meta?(): Record<string, unknown> | undefined;
}

/** What a conversion asks about each schema. */
interface MetaSource {
  get(schema: unknown): Record<string, unknown> | undefined;
  has(schema: unknown): boolean;
}

/** Descriptions are kept by the copy of zod that made the schema: it is asked, not ours. */
const META: MetaSource = {
  get: (schema) => (schema as ForeignSchema).meta?.(),
  has: (schema) => (schema as ForeignSchema).meta?.() !== undefined,
};

/**
 * The JSON Schema of the arguments of a tool.
 * @param args zod schemas by the name of the argument, made by any copy of zod 4
 */
export async function schemaOfArguments(tool: string, args: unknown): Promise<Record<string, unknown>> {
  const shape = (args ?? {}) as Record<string, ForeignSchema>;
  const wrong = Object.entries(shape).find(([, schema]) => typeof schema !== 'object' || !('_zod' in schema));
  if (wrong)
    throw new Error(
      `The argument "${wrong[0]}" of the tool ${tool} is no schema of zod 4: write args: { ${wrong[0]}: tool.schema.string() }`,
    );
  const { toJSONSchema, object } = await import('zod');
  const schema = object(shape as unknown as Parameters<typeof object>[0]);
  const metadata = META as unknown as NonNullable<Parameters<typeof toJSONSchema>[1]>['metadata'];
  const { $schema: _version, ...json } = toJSONSchema(schema, { unrepresentable: 'any', metadata });
  return json;
}
