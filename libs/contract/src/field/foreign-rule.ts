import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import type { Report } from '../issue.js';
import { FIELD_RULE, fieldIssues } from './field-rule.js';
import type { DtoClass } from './item.js';
import type { FieldEntry } from './schema.registry.js';

/** Properties of the class that carry class-validator decorators which are not ours. */
function foreignProperties(dto: DtoClass): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return new Set(rules.filter((rule) => rule.name !== FIELD_RULE).map((rule) => rule.propertyName));
}
const cache = new WeakMap<DtoClass, Set<string>>();

/** Whether only class-validator knows about the class's properties. */
export function foreignPropertiesOf(dto: DtoClass): Set<string> {
  let known = cache.get(dto);
  if (!known) cache.set(dto, (known = foreignProperties(dto)));
  return known;
}

/** Runs class-validator decorators that stand on the class beside (or instead of) ours. */
export function checkForeignRules(dto: DtoClass, instance: object, input: object, report: Report): void {
  const foreign = foreignPropertiesOf(dto);
  if (foreign.size === 0) return;
  const target = instance as Record<string, unknown>;
  for (const key of foreign) {
    if (target[key] === undefined && Object.hasOwn(input, key)) target[key] = (input as Record<string, unknown>)[key];
  }
  const errors = validateSync(instance, { forbidUnknownValues: false });
  collectIssues(errors, report, false);
}

/** Turns class-validator's errors into issues; fields that were read already can be left out. */
export function collectIssues(errors: ValidationError[], report: Report, withFields = true): void {
  for (const error of errors) {
    const step = Array.isArray(error.target) ? Number(error.property) : error.property;
    const at = report.at(step);
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      const field = error.contexts?.[rule]?.field;
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
