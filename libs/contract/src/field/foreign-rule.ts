import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import type { Report } from '../issue.js';
import { type FieldContext, fieldIssues } from './field-rule.js';
import type { DtoClass } from './item.js';
import type { Shape } from './schema.registry.js';

function foreignProperties(dto: DtoClass): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const foreign = rules.filter((rule) => (rule.context as FieldContext | undefined)?.field === undefined);
  return new Set(foreign.map((rule) => rule.propertyName));
}

const cache = new WeakMap<DtoClass, Set<string>>();

/** Properties of the class that carry class-validator decorators which are not ours. */
export function foreignPropertiesOf(dto: DtoClass): Set<string> {
  let known = cache.get(dto);
  if (!known) cache.set(dto, (known = foreignProperties(dto)));
  return known;
}

/**
 * Lets class-transformer and class-validator do what their own decorators on the class ask for, beside our fields or
 * instead of them: properties without a field are converted, all rules are run.
 */
export function applyForeignRules(
  { dto, instance, input }: { dto: DtoClass; instance: object; input: Record<string, unknown> },
  { fields, rest }: Shape,
  report: Report,
): void {
  const foreign = foreignPropertiesOf(dto);
  if (foreign.size === 0) return;
  const own = Object.keys(input).filter((key) => foreign.has(key) && !fields.has(key));
  try {
    const converted = plainToInstance(dto, Object.fromEntries(own.map((key) => [key, input[key]])));
    for (const key of own) Object.assign(instance, { [key]: (converted as Record<string, unknown>)[key] });
    const errors = validateSync(instance, { whitelist: rest === undefined, forbidUnknownValues: false });
    collectIssues(errors, report, false);
  } catch (error) {
    // both libraries recurse: input nested deeply enough exhausts the stack
    if (!(error instanceof RangeError)) throw error;
    report.add({ code: 'custom', message: 'Invalid input: nested too deeply' });
  }
}

/** Turns class-validator's errors into issues; fields that were read already can be left out. */
export function collectIssues(errors: ValidationError[], report: Report, withFields = true): void {
  for (const error of errors) {
    const step = Array.isArray(error.target) ? Number(error.property) : error.property;
    const at = report.at(step);
    const contexts: Record<string, FieldContext | undefined> = error.contexts ?? {};
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      const field = contexts[rule]?.field;
      if (!field) {
        at.add({ code: 'custom', message });
      } else if (withFields) {
        for (const issue of fieldIssues(field, error.value)) {
          report.issues.push({ ...issue, path: [...at.path, ...issue.path] });
        }
      }
    }
    collectIssues(error.children ?? [], at, withFields);
  }
}
