import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { finishDocument } from '#libs/contract';

/** Marks the routes of the wire contract, so that a host application's own are left out. */
export const DOCUMENTED = 'x-opencode-nest';

/** What is read of an application. */
export type DocumentedApplication = Pick<INestApplication, 'getHttpAdapter'>;

type Operations = Record<string, Record<string, unknown>>;

/** The OpenAPI 3.1 document of every controller marked with {@link OpencodeController}. */
export function createOpenApiDocument(app: DocumentedApplication): OpenAPIObject {
  const frame = new DocumentBuilder()
    .setTitle('opencode')
    .setVersion('0.0.3')
    .setDescription('opencode api')
    .setOpenAPIVersion('3.1.1')
    .build();
  const {
    tags: _tags,
    servers: _servers,
    ...scanned
  } = SwaggerModule.createDocument(
    app as INestApplication,
    { ...frame, info: { title: 'opencode', version: '0.0.3', description: 'opencode api' } },
    { autoTagControllers: false },
  );
  const paths = Object.entries(scanned.paths as Record<string, Operations>).flatMap(([path, operations]) => {
    const own = Object.entries(operations).filter(([, operation]) => DOCUMENTED in operation);
    return own.length > 0 ? [[path, Object.fromEntries(own.map(tidy))] as const] : [];
  });
  // the components of a host's routes go with the routes; finishing brings back what is referred to
  return finishDocument({ ...scanned, paths: Object.fromEntries(paths), components: {} });
}

/** Takes out the mark, and what @nestjs/swagger says of bodies: whether they may be absent is up to their schema. */
function tidy([method, operation]: [string, Record<string, unknown>]): [string, Record<string, unknown>] {
  const { [DOCUMENTED]: _mark, requestBody, ...rest } = operation;
  if (!requestBody) return [method, rest];
  const { required: _required, ...body } = requestBody as { required?: boolean };
  return [method, { ...rest, requestBody: body }];
}
