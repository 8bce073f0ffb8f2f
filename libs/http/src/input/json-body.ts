import { BadRequestError } from '#libs/contract';

/** Lower case only, as the clients of the contract expect: other spellings count as no JSON. */
export const JSON_TYPE = /^application\/(?:[a-z0-9.!#$&^_-]+\+)?json(?:\s*;|$)/;

export const isJsonType = (type: unknown): boolean => typeof type === 'string' && JSON_TYPE.test(type);

/** Stands for a body that was announced as JSON and is none, until a handler asks for it. */
export class UnreadableBody {}

/** 400 in the shape of a failed validation. The text of the body is not repeated: it may be long, or secret. */
export const malformedJson = (): BadRequestError =>
  new BadRequestError(null, [{ code: 'custom', path: [], message: 'Malformed JSON in request body' }]);
