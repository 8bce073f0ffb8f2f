import { Body, Controller, Get, type INestApplication, Post, Query } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { documentSchema, finishDocument } from './document.js';
import { item } from './field/factory.js';
import { ArrayField, StringField } from './field/field.decorator.js';
import type { DtoClass } from './field/item.js';
import { InlineSchema } from './field/schema.decorator.js';
import { FindFilesQuery } from './query.dto.js';
import { MessageWithParts } from './session/message.dto.js';
import { SessionUpdateInput } from './session/session-input.dto.js';
import { Session } from './session/session.dto.js';

class HostDto {
  @ApiProperty()
  own: string;
}

class ExtraDto {
  @StringField()
  extra: string;
}

@ApiExtraModels(ExtraDto)
@Controller('session')
class SessionController {
  @Post()
  @ApiOkResponse({ type: Session })
  update(@Body() input: SessionUpdateInput): SessionUpdateInput {
    return input;
  }

  @Get('message')
  @ApiOkResponse({ schema: documentSchema(item.array(item.ref(() => MessageWithParts))) })
  messages(@Query() query: FindFilesQuery): FindFilesQuery {
    return query;
  }

  @Get('list')
  @ApiOkResponse({ type: [MessageWithParts] })
  list(): unknown[] {
    return [];
  }

  @Get('host')
  @ApiOkResponse({ type: HostDto })
  host(): HostDto {
    return { own: 'x' };
  }
}

describe('finishing a document of @nestjs/swagger', () => {
  let app: INestApplication;
  let raw: OpenAPIObject;
  let document: OpenAPIObject;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [SessionController] }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    await app.init();
    raw = SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion('3.1.1').build());
    document = finishDocument(raw);
  });
  afterAll(() => app.close());

  it('writes inline classes where they are used', () => {
    expect(document.paths['/session']?.post?.requestBody).toMatchObject({
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              title: { type: 'string' },
              time: { type: 'object', properties: { archived: { type: 'number' } } },
            },
          },
        },
      },
    });
    const content = JSON.stringify(document.paths['/session/list']?.get?.responses);
    expect(content).toContain('"items":{"type":"object","properties":{"info":{"$ref":"#/components/schemas/Message"}');
  });

  it('has the components that are referred to, transitively, and no inline ones', () => {
    const names = Object.keys(document.components?.schemas ?? {});
    expect(names).toEqual(expect.arrayContaining(['Session', 'Message', 'Part', 'ToolState', 'APIError', 'HostDto']));
    expect(names).not.toContain('SessionTime');
    expect(names).not.toContain('MessageWithParts');
    expect(names).not.toContain('Event');
    const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(new Set([...used, 'ExtraDto'])).toEqual(new Set(names));
  });

  it('leaves what it does not know, and the given document, as they are', () => {
    expect(document.components?.schemas?.HostDto).toEqual(raw.components?.schemas?.HostDto);
    expect(Object.keys(raw.components?.schemas ?? {})).toContain('SessionTime');
  });

  it('gets one parameter for every property of a query class', () => {
    expect(document.paths['/session/message']?.get?.parameters).toMatchObject([
      { name: 'directory', in: 'query', required: false, schema: { type: 'string' } },
      { name: 'query', in: 'query', required: true, schema: { type: 'string' } },
      { name: 'dirs', in: 'query', required: false, schema: { type: 'string', enum: ['true', 'false'] } },
      { name: 'type', in: 'query', required: false },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 200 } },
    ]);
  });
});

describe('schemas for a document', () => {
  it('write a class inline when another one owns its name', () => {
    const other = (() => {
      class Session {
        @StringField()
        mine: string;
      }
      return Session;
    })();
    expect(documentSchema(item.ref(() => other))).toEqual({
      type: 'object',
      properties: { mine: { type: 'string' } },
      required: ['mine'],
    });
  });

  it('take a subclass without decorators for its parent', () => {
    class MySession extends Session {}
    expect(documentSchema(item.ref(() => MySession))).toEqual({ $ref: '#/components/schemas/Session' });
  });

  it('cannot write inline what contains itself', () => {
    @InlineSchema()
    class Endless {
      @ArrayField(item.ref((): DtoClass<Endless> => Endless))
      again: Endless[];
    }
    expect(() => documentSchema(item.ref(() => Endless))).toThrow('Endless contains itself');
  });
});
