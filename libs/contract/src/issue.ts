/** Steps from the checked value to the offending one; array indexes are numbers. */
export type IssuePath = readonly (string | number)[];

/** What a value failed: the vocabulary clients of the wire contract already know. */
export type IssueDetail =
  | { code: 'invalid_type'; expected: string; format?: string; received?: string; message: string }
  | { code: 'invalid_value'; values: readonly Scalar[]; message: string }
  | { code: 'too_small'; origin: string; minimum: number; inclusive: boolean; message: string }
  | { code: 'too_big'; origin: string; maximum: number; inclusive: boolean; message: string }
  | {
      code: 'invalid_format';
      origin?: string;
      format: string;
      prefix?: string;
      pattern?: string;
      message: string;
    }
  | { code: 'unrecognized_keys'; keys: string[]; message: string }
  | { code: 'invalid_union'; errors: Issue[][]; note?: string; discriminator?: string; message: string }
  | { code: 'custom'; message: string };

/** One finding of a validation. */
export type Issue = IssueDetail & { path: (string | number)[] };

/** A JSON scalar that can be a literal of a schema. */
export type Scalar = string | number | boolean;

/** Name of a value's type as issue texts spell it. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'Infinity';
  return typeof value;
}

export function invalidType(expected: string, value: unknown): IssueDetail {
  const received = typeName(value);
  return {
    expected,
    code: 'invalid_type',
    ...(received === 'NaN' || received === 'Infinity' ? { received } : {}),
    message: `Invalid input: expected ${expected}, received ${received}`,
  };
}

/** A number with a fraction where a whole one is wanted. */
export function notAnInteger(): IssueDetail {
  return {
    expected: 'int',
    format: 'safeint',
    code: 'invalid_type',
    message: 'Invalid input: expected int, received number',
  };
}

export function invalidValue(values: readonly Scalar[]): IssueDetail {
  const list = values.map((value) => JSON.stringify(value)).join('|');
  const message = values.length === 1 ? `Invalid input: expected ${list}` : `Invalid option: expected one of ${list}`;
  return { code: 'invalid_value', values, message };
}

const UNITS: Record<string, string> = { string: ' characters', array: ' items' };

export function tooSmall(origin: string, minimum: number, inclusive = true): IssueDetail {
  const size = `${inclusive ? '>=' : '>'}${minimum}${UNITS[origin] ?? ''}`;
  const message = `Too small: expected ${origin} to ${origin in UNITS ? 'have' : 'be'} ${size}`;
  return { origin, code: 'too_small', minimum, inclusive, message };
}

export function tooBig(origin: string, maximum: number): IssueDetail {
  const size = `<=${maximum}${UNITS[origin] ?? ''}`;
  const message = `Too big: expected ${origin} to ${origin in UNITS ? 'have' : 'be'} ${size}`;
  return { origin, code: 'too_big', maximum, inclusive: true, message };
}

export function missingPrefix(prefix: string): IssueDetail {
  return {
    origin: 'string',
    code: 'invalid_format',
    format: 'starts_with',
    prefix,
    message: `Invalid string: must start with "${prefix}"`,
  };
}

export function patternMismatch(pattern: RegExp): IssueDetail {
  return {
    origin: 'string',
    code: 'invalid_format',
    format: 'regex',
    pattern: String(pattern),
    message: `Invalid string: must match pattern ${String(pattern)}`,
  };
}

export function unrecognizedKeys(keys: string[]): IssueDetail {
  const list = keys.map((key) => JSON.stringify(key)).join(', ');
  return { code: 'unrecognized_keys', keys, message: `Unrecognized key${keys.length === 1 ? '' : 's'}: ${list}` };
}

export function noUnionMember(errors: Issue[][]): IssueDetail {
  return { code: 'invalid_union', errors, message: 'Invalid input' };
}

export function noDiscriminator(discriminator: string): IssueDetail {
  return {
    code: 'invalid_union',
    errors: [],
    note: 'No matching discriminator',
    discriminator,
    message: 'Invalid input',
  };
}

/** Collects the issues of one validation while it walks down the value. */
export class Report {
  constructor(
    readonly path: IssuePath = [],
    readonly issues: Issue[] = [],
  ) {}

  /** The same report, one step further down. */
  at(step: string | number): Report {
    return new Report([...this.path, step], this.issues);
  }

  add(detail: IssueDetail): void {
    const { message, ...rest } = detail;
    // models and logs read it as text: in the order that clients of the reference know
    this.issues.push({ ...rest, path: [...this.path], message });
  }
}
