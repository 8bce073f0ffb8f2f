import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { documentSchema, type Item, type JsonSchema } from '#libs/contract';

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

type ErrorStatus = 400 | 404;

const ERRORS: Record<ErrorStatus, { description: string; component: string }> = {
  400: { description: 'Bad request', component: 'BadRequestError' },
  404: { description: 'Not found', component: 'NotFoundError' },
};

/** Documents a route and sets the status of its answer: 200, or 204 without a body. @publicApi */
export function Operation(options: OperationOptions): MethodDecorator {
  const { id, summary, description, answer, type = 'application/json', errors = [], deprecated } = options;
  const status = answer ? 200 : 204;
  const refusals = errors.map((each) => {
    const { description, component } = ERRORS[each];
    return response(each, description, 'application/json', { $ref: `#/components/schemas/${component}` });
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
