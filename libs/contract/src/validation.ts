import type { ValidationError } from 'class-validator';
import { collectIssues } from './field/foreign-rule.js';
import type { DtoClass, Item } from './field/item.js';
import { readDto } from './field/object.js';
import { type Issue, Report } from './issue.js';

/** The clean value, or everything that is wrong with the input. */
export type Validated<T> = { value: T; issues?: undefined } | { value?: undefined; issues: Issue[] };

/** The issues behind class-validator's errors: those of a field in full, those of other decorators as `custom`. */
export function toIssues(errors: ValidationError[]): Issue[] {
  const report = new Report();
  collectIssues(errors, report);
  return report.issues;
}

/**
 * Reads foreign data as an instance of a DTO class: unknown keys are dropped (or refused, or kept: as the class says),
 * defaults filled in, every issue reported. Decorators of class-validator and class-transformer on the class count too. Safe for any JSON value; the input is not changed.
 *
 * @example const { value, issues } = validateInput(PromptInput, body);
 */
export function validateInput<T extends object>(dto: DtoClass<T>, input: unknown): Validated<T> {
  const report = new Report();
  const value = readDto(dto, input, report);
  return report.issues.length > 0 ? { issues: report.issues } : { value };
}

/**
 * The same for a value that no single class describes: a union, an array, a record.
 *
 * @example validateItem(PartUnion, body)
 */
export function validateItem<T>(item: Item<T>, input: unknown): Validated<T> {
  const report = new Report();
  const value = item.read(input, report);
  return report.issues.length > 0 ? { issues: report.issues } : { value };
}
