import { Body, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import { type NestFastifyApplication, FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { NumberField, StringField } from '#libs/contract';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { createFastifyAdapter } from '../server/fastify-server.adapter.js';
import { useWireErrors } from '../server/wire-errors.js';

class NoteInput {
  @StringField({ optional: true })
  text?: string;
}

class NeededInput {
  @StringField()
  text: string;

  @NumberField()
  size: number;
}

class NoteParams {
  @StringField({ startsWith: 'note' })
  noteID: string;
}

class NoteQuery {
  @NumberField({ optional: true, coerce: true })
  limit?: number;
}

@OpencodeController('note', { instance: false })
class NoteController {
  @Post()
  @HttpCode(200)
  note(@Body() input: NoteInput) {
    return { input, polluted: ({} as { polluted?: unknown }).polluted ?? false };
  }

  @Post('needed')
  @HttpCode(200)
  needed(@Body() input: NeededInput) {
    return { input };
  }

  @Post('bodiless')
  @HttpCode(200)
  bodiless() {
    return true;
  }

  @Get(':noteID')
  get(@Param() { noteID }: NoteParams, @Query() query: NoteQuery) {
    return { noteID, ...query };
  }
}

@Module({ controllers: [NoteController] })
class NoteModule {}

async function start(adapter: FastifyAdapter): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({ imports: [NoteModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  useWireErrors(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the input of a route', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    app = await start(createFastifyAdapter({ bodyLimit: 1024 * 1024 }));
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const post = async (path: string, body?: string, headers: Record<string, string> = JSON_TYPE) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body, headers });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), body: JSON.parse(text) as unknown };
  };

  it.each([
    ['application/json', '{"text":"a"}', { text: 'a' }],
    ['application/json; charset=utf-8', '{"text":"a"}', { text: 'a' }],
    ['application/vnd.api+json', '{"text":"a"}', { text: 'a' }],
    ['APPLICATION/JSON', '{"text":"a"}', {}],
    ['text/plain', '{"text":"a"}', {}],
    ['application/x-www-form-urlencoded', 'text=a', {}],
    ['multipart/form-data; boundary=x', '--x--', {}],
  ])('is read as JSON or skipped: %s', async (type, body, input) => {
    expect(await post('/note', body, { 'content-type': type })).toEqual({
      status: 200,
      type: 'application/json',
      body: { input, polluted: false },
    });
  });

  it('may be absent', async () => {
    const response = await fetch(`${url}/note`, { method: 'POST' });
    expect(await response.json()).toEqual({ input: {}, polluted: false });
  });

  const malformed = {
    data: null,
    error: [{ code: 'custom', path: [], message: 'Malformed JSON in request body' }],
    errors: [{ code: 'custom', path: [], message: 'Malformed JSON in request body' }],
    success: false,
  };

  it.each([['{"text":'], ['not json'], ['   '], ['']])('is refused when it is no JSON: %j', async (body) => {
    expect(await post('/note', body)).toEqual({ status: 400, type: 'application/json', body: malformed });
  });

  it('is not looked at by a route without a body', async () => {
    expect(await post('/note/bodiless', '')).toMatchObject({ status: 200, body: true });
  });

  it.each([['null'], ['3'], ['"text"'], ['[]']])('is refused when it is no object: %s', async (body) => {
    const received = body === 'null' ? 'null' : body === '[]' ? 'array' : body === '3' ? 'number' : 'string';
    expect(await post('/note', body)).toMatchObject({
      status: 400,
      body: {
        data: JSON.parse(body) as unknown,
        error: [{ code: 'invalid_type', message: `Invalid input: expected object, received ${received}` }],
        success: false,
      },
    });
  });

  it('is answered with every issue and as it came', async () => {
    const { status, body } = await post('/note/needed', '{"text":5,"other":[1]}');
    expect(status).toBe(400);
    expect(body).toEqual({
      data: { text: 5, other: [1] },
      error: [
        { code: 'invalid_type', expected: 'string', path: ['text'], message: expect.any(String) },
        { code: 'invalid_type', expected: 'number', path: ['size'], message: expect.any(String) },
      ],
      errors: expect.any(Array),
      success: false,
    });
  });

  it('cannot change a prototype', async () => {
    const body = '{"text":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect(await post('/note', body)).toMatchObject({ status: 200, body: { input: { text: 'a' }, polluted: false } });
  });

  it('is refused when it is too large', async () => {
    expect(await post('/note', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }))).toMatchObject({
      status: 413,
      body: { name: 'PayloadTooLargeError', data: { message: expect.any(String) } },
    });
  });

  it('is refused when it is nested too deep to be answered with', async () => {
    for (const [open, close] of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      const { status, body } = await post('/note', `${open.repeat(20_000)}1${close.repeat(20_000)}`);
      expect([status, body]).toMatchObject([400, { data: null, success: false }]);
    }
    expect((await post('/note', `{"text":"a","other":${'['.repeat(100)}${']'.repeat(100)}}`)).status).toBe(200);
  });

  it('is checked in path and query too', async () => {
    expect(await (await fetch(`${url}/note/note1?limit=3`)).json()).toEqual({ noteID: 'note1', limit: 3 });
    const params = await fetch(`${url}/note/x`);
    expect([params.status, await params.json()]).toMatchObject([400, { data: { noteID: 'x' }, success: false }]);
    const query = await fetch(`${url}/note/note1?limit=many`);
    expect([query.status, await query.json()]).toMatchObject([400, { data: { limit: 'many' }, success: false }]);
  });

  it.each([
    ['GET', '/nowhere'],
    ['POST', '/note/needed/'],
    ['DELETE', '/note'],
    ['PUT', '/'],
    ['PATCH', '//note'],
  ])('an unknown route is a typed 404: %s %s', async (method, path) => {
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ name: 'NotFoundError', data: { message: `Cannot ${method} ${path}` } });
  });

  it('a path that cannot be decoded is a typed 400', async () => {
    const response = await fetch(`${url}/note/%zz`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect([response.status, await response.json()]).toMatchObject([400, { success: false }]);
  });

  it('HEAD answers where GET does', async () => {
    const response = await fetch(`${url}/note/note1`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe("with a host's own body parser", () => {
  it('other types are skipped and JSON is read', async () => {
    const app = await start(new FastifyAdapter());
    const url = await app.getUrl();
    const post = async (body: string | undefined, type: string) => {
      const response = await fetch(`${url}/note`, { method: 'POST', body, headers: { 'content-type': type } });
      return [response.status, await response.json()];
    };
    try {
      expect(await post('{"text":"a"}', 'application/json')).toMatchObject([200, { input: { text: 'a' } }]);
      expect(await post('text=a', 'application/x-www-form-urlencoded')).toMatchObject([200, { input: {} }]);
      expect(await post('hello', 'text/plain')).toMatchObject([200, { input: {} }]);
      expect(await post('{"text":', 'application/json')).toMatchObject([400, { success: false }]);
    } finally {
      await app.close();
    }
  });
});
