/**
 * Answers `workspace/configuration`: for each item what the settings hold at its section, or all of them when they hold
 * nothing there.
 */
export function answerConfiguration(params: unknown, settings: Record<string, unknown>): unknown[] {
  const { items } = (params ?? {}) as { items?: unknown };
  if (!Array.isArray(items) || items.length === 0) return [settings];
  return items.map((item: { section?: unknown } | null) => sectionOf(settings, item?.section) ?? settings);
}

function sectionOf(settings: Record<string, unknown>, section: unknown): unknown {
  if (typeof section !== 'string' || section === '') return undefined;
  let value: unknown = settings;
  for (const name of section.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
