import { Validate, type ValidationArguments, ValidatorConstraint } from 'class-validator';
import { type Issue, Report } from '../issue.js';
import type { FieldEntry } from './schema.registry.js';

/** What stands in the context of a field's constraint; `toIssues` takes the field from there. */
export interface FieldContext {
  field?: FieldEntry;
}

/** The issues of a property's value, their paths relative to the property. */
export function fieldIssues(field: FieldEntry, value: unknown): Issue[] {
  const report = new Report();
  if (value !== undefined || !field.optional) field.item.read(value, report);
  return report.issues;
}

/** The class-validator face of all fields: one constraint that asks the field’s item. */
@ValidatorConstraint({ name: 'wireField' })
class FieldConstraint {
  validate(value: unknown, args?: ValidationArguments): boolean {
    const [field] = (args?.constraints ?? []) as FieldEntry[];
    return field === undefined || fieldIssues(field, value).length === 0;
  }

  defaultMessage({ constraints, property, value }: ValidationArguments): string {
    const [field] = constraints as FieldEntry[];
    const issues = field ? fieldIssues(field, value) : [];
    return issues.map((issue) => `${[property, ...issue.path].join('.')}: ${issue.message}`).join('; ');
  }
}

/** Tells class-validator about a field. */
export const FieldRule = (field: FieldEntry): PropertyDecorator =>
  Validate(FieldConstraint, [field], { context: { field } satisfies FieldContext });
