import type { ErrorObject, ValidateFunction } from 'ajv';
import { InvalidRequestError, type JSONSchema } from '#libs/contract';
import { PatternBudget } from './pattern-budget.js';

/** Checks a value; tells what is wrong with it, or undefined. */
export type OutputCheck = (value: unknown) => string | undefined;

const MAX_ERRORS = 20;

/** Compiles the JSON Schema that an answer must fit. Rejects with an InvalidRequestError when it is none. */
export async function compileOutputSchema(schema: JSONSchema): Promise<OutputCheck> {
  if (schema['type'] !== undefined && schema['type'] !== 'object')
    throw new InvalidRequestError(
      'The schema of a structured answer must have the type "object"; put other values into a property',
    );
  const patterns = new PatternBudget();
  const validate = await compile(toolSchema(schema), patterns);
  return (value) => {
    patterns.renew();
    return validate(value) ? undefined : explain(validate.errors ?? []);
  };
}

/** The schema as the parameters of a tool. */
export function toolSchema({ $schema: _schema, $async: _async, ...schema }: JSONSchema): JSONSchema {
  return { type: 'object', ...schema };
}

/** By the present rules of JSON Schema, and where those do not fit, by those of draft 7. */
async function compile(schema: JSONSchema, { regExp }: PatternBudget): Promise<ValidateFunction> {
  const [{ Ajv2020 }, { Ajv }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv')]);
  const options = { strict: false, allErrors: true, validateFormats: false, logger: false, code: { regExp } } as const;
  try {
    return new Ajv2020(options).compile(schema);
  } catch (error) {
    try {
      return new Ajv(options).compile(schema);
    } catch {
      throw new InvalidRequestError(`The schema of the structured answer is not valid: ${(error as Error).message}`);
    }
  }
}

function explain(errors: readonly ErrorObject[]): string {
  const lines = errors.slice(0, MAX_ERRORS).map(({ instancePath, message, params }) => {
    const allowed = Array.isArray(params['allowedValues']) ? ` ${JSON.stringify(params['allowedValues'])}` : '';
    const extra = params['additionalProperty'] === undefined ? '' : ` (${String(params['additionalProperty'])})`;
    return `- ${instancePath || 'the answer'} ${message ?? 'is wrong'}${allowed}${extra}`;
  });
  return lines.join('\n');
}
