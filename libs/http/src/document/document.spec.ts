import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { InlineSchema, item, StringField } from '#libs/contract';
import { Environment, SystemEnvironment } from '#libs/extension';
import { InstanceLocator, InstanceStore } from '#libs/instance';
import { HttpModule } from '../http.module.js';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { createFastifyAdapter } from '../server/fastify-server.adapter.js';
import { DocController } from './doc.controller.js';
import { explorerAsset } from './explorer-assets.js';
import { prefersHtml } from './media-preference.js';
import { createOpenApiDocument } from './open-api-document.js';
import { Operation } from './operation.decorator.js';

class Note {
  @StringField({ description: 'What it says' })
  text: string;
}

@InlineSchema()
class NoteInput {
  @StringField({ optional: true })
  text?: string;
}

@OpencodeController('note')
class NoteController {
  @Get()
  @Operation({ id: 'note.list', summary: 'List <notes>', answer: item.array(item.ref(() => Note)) })
  list(): Note[] {
    return [];
  }

  @Post()
  @Operation({ id: 'note.add', summary: 'Add', errors: [400, 404], deprecated: true })
  add(@Body() _input: NoteInput): void {
    // documented only
  }
}

class HostThing {
  @ApiProperty()
  name: string;
}

@Controller('host')
class HostController {
  @Post()
  host(@Body() thing: HostThing): HostThing {
    return thing;
  }
}

class NoLocator extends InstanceLocator {
  async locate(): Promise<never> {
    throw new Error('not used');
  }
}

@Module({
  providers: [
    InstanceStore,
    { provide: InstanceLocator, useClass: NoLocator },
    { provide: Environment, useValue: new SystemEnvironment({}, '/') },
  ],
  exports: [InstanceStore, Environment],
})
class WorldModule {}

@Module({
  imports: [{ module: WorldModule, global: true }, HttpModule],
  controllers: [DocController, NoteController, HostController],
})
class AppModule {}

describe('GET /doc', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(), { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  it('describes the routes of the contract, and not those of the host', async () => {
    const response = await fetch(`${url}/api/doc`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const document = (await response.json()) as Record<string, unknown>;
    expect(document).toEqual({
      openapi: '3.1.1',
      info: { title: 'opencode', version: '0.0.3', description: 'opencode api' },
      paths: {
        '/api/note': {
          get: {
            operationId: 'note.list',
            summary: 'List <notes>',
            description: 'List <notes>',
            parameters: [directory],
            responses: {
              200: {
                description: 'List <notes>',
                content: { 'application/json': { schema: { type: 'array', items: ref('Note') } } },
              },
            },
          },
          post: {
            operationId: 'note.add',
            summary: 'Add',
            description: 'Add',
            deprecated: true,
            parameters: [directory],
            requestBody: {
              content: { 'application/json': { schema: { type: 'object', properties: { text: { type: 'string' } } } } },
            },
            responses: {
              204: { description: 'Add' },
              400: { description: 'Bad request', content: { 'application/json': { schema: refused } } },
              404: { description: 'Not found', content: { 'application/json': { schema: ref('NotFoundError') } } },
            },
          },
        },
      },
      components: {
        schemas: {
          Note: {
            type: 'object',
            properties: { text: { type: 'string', description: 'What it says' } },
            required: ['text'],
          },
          BadRequestError: expect.any(Object),
          NotFoundError: expect.any(Object),
        },
      },
    });
    expect(createOpenApiDocument(app)).toEqual(document);
  });

  it('need not be sent twice', async () => {
    const first = await fetch(`${url}/api/doc`);
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${url}/api/doc`, { headers: { 'if-none-match': etag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
  });

  it('is a page for browsers, of files of this server only', async () => {
    const response = await fetch(`${url}/api/doc?x=1`, { headers: browser });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    const page = await response.text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(links).toHaveLength(4);
    for (const link of links) {
      expect(link).toMatch(/^\/api\/doc\/assets\/[\w.-]+$/);
      const asset = await fetch(url + link);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=86400');
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(200);
    }
    expect(page).not.toMatch(/<script>|onload=/);
  });

  it.each(['package.json', '..%2Fpackage.json', 'constructor', 'index.html'])(
    'serves no other file: %s',
    async (name) => {
      const response = await fetch(`${url}/api/doc/assets/${name}`);
      expect([response.status, await response.json()]).toMatchObject([404, { name: 'NotFoundError' }]);
      expect(await explorerAsset(name)).toBeUndefined();
    },
  );
});

const directory = {
  name: 'directory',
  in: 'query',
  required: false,
  description: 'Project directory; the header x-opencode-directory does the same',
  schema: { type: 'string' },
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** A failed validation, or any other error with its name. */
const refused = {
  anyOf: [
    ref('BadRequestError'),
    {
      type: 'object',
      properties: {
        name: { type: 'string' },
        data: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
      },
      required: ['name', 'data'],
    },
  ],
};

describe('prefersHtml', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['application/json, text/html', false],
    ['text/html;q=0.5, application/json', false],
    ['text/html, */*;q=0.8', true],
    ['text/html', true],
    ['TEXT/HTML;Q=1, application/*;q=0.1', true],
    ['text/html;q=bad', false],
  ])('%s', (accept, expected) => expect(prefersHtml(accept)).toBe(expected));
});
