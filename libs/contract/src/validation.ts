import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { collectIssues, foreignPropertiesOf } from './field/foreign-rule.js';
import type { DtoClass, Item } from './field/item.js';
import { isObject, readDto } from './field/object.js';
import { isDto } from './field/schema.registry.js';
import { invalidType, type Issue, Report } from './issue.js';

/** The clean value, or everything that is wrong with the input. */
export type Validated<T> = { value: T; issues?: undefined } | { value?: undefined; issues: Issue[] };

/**
 * The issues behind class-validator's errors: those of a field in full, those of other decorators as `custom`.
 *
 * @publicApi
 */
export function toIssues(errors: ValidationError[]): Issue[] {
  const report = new Report();
  collectIssues(errors, report);
  return report.issues;
}

/**
 * Reads foreign data as an instance of a DTO class: unknown keys are dropped (or refused, or kept: as the class says),
 * defaults filled in, every issue reported. Safe for any JSON value; the input is not changed.
 *
 * @example const { value, issues } = validateInput(PromptInput, body);
 * @publicApi
 */
export function validateInput<T extends object>(dto: DtoClass<T>, input: unknown): Validated<T> {
  const report = new Report();
  const value = isDto(dto) ? readDto(dto, input, report) : readForeign(dto, input, report);
  return report.issues.length > 0 ? { issues: report.issues } : { value };
}

/**
 * The same for a value that no single class describes: a union, an array, a record.
 *
 * @example validateItem(PartUnion, body)
 * @publicApi
 */
export function validateItem<T>(item: Item<T>, input: unknown): Validated<T> {
  const report = new Report();
  const value = item.read(input, report);
  return report.issues.length > 0 ? { issues: report.issues } : { value };
}

/** A class that only class-validator and class-transformer know. */
function readForeign<T extends object>(dto: DtoClass<T>, input: unknown, report: Report): T {
  if (!isObject(input)) {
    report.add(invalidType('object', input));
    return undefined as never;
  }
  try {
    const known = foreignPropertiesOf(dto);
    const own = Object.fromEntries(Object.entries(input).filter(([key]) => known.has(key)));
    const instance = plainToInstance(dto, own);
    collectIssues(validateSync(instance, { whitelist: true, forbidUnknownValues: false }), report);
    return instance;
  } catch (error) {
    // class-transformer recurses: input nested deeply enough exhausts the stack
    if (!(error instanceof RangeError)) throw error;
    report.add({ code: 'custom', message: 'Invalid input: nested too deeply' });
    return undefined as never;
  }
}
