import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { documentSchema, item, type Item, type JsonSchema, NamedErrorBody } from '#libs/contract';

/** @publicApi */
export interface OperationOptions {
  /** Name of the operation in generated clients, `group.verb`. */
  id: string;
  /** One line for people. */
  summary: string;
  description?: string;
  /** What the route answers with; without it the answer has no body. */
  answer?: Item;
  /** Media type of the answer. Default `application/json`. */
  type?: string;
  /** Statuses of the errors a client has to expect. */
  errors?: readonly ErrorStatus[];
  deprecated?: boolean;
}

type ErrorStatus = 400 | 403 | 404 | 409 | 413 | 502 | 504;

/** A name to switch on, and data that explains; see WireError. */
const NAMED: JsonSchema = documentSchema(item.ref(() => NamedErrorBody));
const component = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const ERRORS: Record<ErrorStatus, { description: string; schema: JsonSchema }> = {
  400: { description: 'Bad request', schema: { anyOf: [component('BadRequestError'), NAMED] } },
  403: { description: 'Outside of what is allowed', schema: NAMED },
  404: { description: 'Not found', schema: component('NotFoundError') },
  409: { description: 'Contradicts what is there or going on', schema: NAMED },
  413: { description: 'Too large', schema: NAMED },
  502: { description: 'Another service failed', schema: NAMED },
  504: { description: 'Took too long', schema: NAMED },
};

/** Documents a route and sets the status of its answer: 200, or 204 without a body. @publicApi */
export function Operation(options: OperationOptions): MethodDecorator {
  const { id, summary, description, answer, type = 'application/json', errors = [], deprecated } = options;
  const status = answer ? 200 : 204;
  const refusals = errors.map((each) => {
    const { description, schema } = ERRORS[each];
    return response(each, description, 'application/json', schema);
  });
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId: id, summary, description: description ?? summary, deprecated }),
    answer ? response(status, summary, type, documentSchema(answer)) : ApiResponse({ status, description: summary }),
    ...refusals,
  );
}

const response = (status: number, description: string, type: string, schema: JsonSchema) =>
  ApiResponse({ status, description, content: { [type]: { schema } } });
