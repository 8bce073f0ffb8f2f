import { ValidateBy } from 'class-validator';
import { Report } from '../issue.js';
import type { FieldEntry } from './schema.registry.js';

/** Name of the class-validator constraint behind every field. */
export const FIELD_RULE = 'wireField';

/** The issues of a property's value, their paths relative to the property. */
export function fieldIssues(field: FieldEntry, value: unknown): Report['issues'] {
  const report = new Report();
  if (value !== undefined || !field.optional) field.item.read(value, report);
  return report.issues;
}

/**
 * The class-validator face of a field: one constraint that asks the item. The field stands in the context of the
 * constraint, from where `toIssues` takes it.
 */
export function FieldRule(field: FieldEntry): PropertyDecorator {
  return ValidateBy(
    {
      name: FIELD_RULE,
      validator: {
        validate: (value: unknown) => fieldIssues(field, value).length === 0,
        defaultMessage: (args) =>
          fieldIssues(field, args?.value)
            .map((issue) => `${[args?.property, ...issue.path].join('.')}: ${issue.message}`)
            .join('; '),
      },
    },
    { context: { field } },
  );
}
