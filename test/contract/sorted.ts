/** Texts are ours, and the order of required keys says nothing: both are left out of a comparison of schemas. */
export function sorted(schema: unknown, isKeywords = true): unknown {
  if (Array.isArray(schema)) return schema.map((each) => sorted(each));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !(isKeywords && key === 'description'))
      .map(([key, value]) => {
        if (isKeywords && key === 'required' && Array.isArray(value)) return [key, [...(value as string[])].sort()];
        return [key, sorted(value, !(isKeywords && key === 'properties'))];
      }),
  );
}
