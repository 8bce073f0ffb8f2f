import { BadRequestError } from '#libs/contract';

/** Lower case only, as the clients of the contract expect: other spellings count as no JSON. */
export const JSON_TYPE = /^application\/(?:[a-z0-9.!#$&^_-]+\+)?json(?:\s*;|$)/;

export const isJsonType = (type: unknown): boolean => typeof type === 'string' && JSON_TYPE.test(type);

/** Stands for a body that was announced as JSON and is none, until a handler asks for it. */
export class UnreadableBody {}

/** 400 in the shape of a failed validation. The text of the body is not repeated: it may be long, or secret. */
export const malformedJson = (): BadRequestError =>
  new BadRequestError(null, [{ code: 'custom', path: [], message: 'Malformed JSON in request body' }]);

/** Levels of lists and objects a body may have: more would exhaust the stack of whatever walks it. */
const MAX_DEPTH = 200;

/** Whether a parsed body is nested too deep to be worked with. */
export function isTooDeep(body: unknown): boolean {
  const left: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return true;
    for (const child of Object.values(value)) left.push({ value: child, depth: depth + 1 });
  }
  return false;
}

/** 400 in the shape of a failed validation; the body cannot be repeated. */
export const tooDeep = (): BadRequestError =>
  new BadRequestError(null, [
    { code: 'custom', path: [], message: `Too deep: a request body may have ${MAX_DEPTH} levels of lists and objects` },
  ]);
