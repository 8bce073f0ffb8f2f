import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { BadRequestError, validateInput } from '#libs/contract';
import { malformedJson, UnreadableBody } from './json-body.js';

/** Types of arguments that are passed on as they are. */
const PLAIN: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object, Buffer]);

/**
 * Reads body, query and path parameters as the DTO class an argument is declared with. Every issue is reported, with
 * the input as it came; a body that is missing is `{}`.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(input: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return input;
    if (input instanceof UnreadableBody) throw malformedJson();
    if (!metatype || PLAIN.has(metatype)) return input;
    const received = input === undefined ? {} : input;
    const { value, issues } = validateInput(metatype as Type<object>, received);
    if (issues) throw new BadRequestError(received, issues);
    return value;
  }
}
