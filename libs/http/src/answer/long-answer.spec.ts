import { Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { NotFoundError } from '#libs/contract';
import { HttpOptionsModule } from '../http.module.js';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { createFastifyAdapter } from '../server/fastify-server.adapter.js';
import { AnswersLong, LongAnswer } from './long-answer.js';

const later = <T>(work: () => T) => new Promise<void>((resolve) => setTimeout(resolve, 60)).then(work);

@OpencodeController('long', { instance: false })
class LongController {
  @Get('value')
  @AnswersLong()
  value() {
    return new LongAnswer(later(() => ({ text: 'a\nb' })));
  }

  @Get('failure')
  @AnswersLong()
  failure() {
    return new LongAnswer(
      later(() => {
        throw new NotFoundError('It went away');
      }),
    );
  }

  @Get('soon')
  @AnswersLong()
  soon() {
    return new LongAnswer(Promise.resolve({ text: 'a' }));
  }

  @Get('refused')
  @AnswersLong()
  refused(): LongAnswer<object> {
    throw new NotFoundError('Not there');
  }

  @Get('refused-soon')
  @AnswersLong()
  refusedSoon() {
    return new LongAnswer(Promise.reject(new NotFoundError('Not there either')));
  }

  @Get('plain')
  @AnswersLong()
  plain() {
    return { text: 'plain' };
  }
}

@Module({
  imports: [HttpOptionsModule.forRoot({ longAnswers: { patience: 20, interval: 10 } })],
  controllers: [LongController],
})
class LongModule {}

describe('LongAnswer', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [LongModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(), { logger: false });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const get = async (name: string) => {
    const { statusCode, headers, body } = await app.inject(`/long/${name}`);
    return { status: statusCode, type: headers['content-type'], length: headers['content-length'], body };
  };

  it('is one line of JSON behind spaces', async () => {
    const { status, type, length, body } = await get('value');
    expect([status, type, length]).toEqual([200, 'application/json', undefined]);
    expect(body).toMatch(/^ +\{"text":"a\\nb"\}$/);
  });

  it('says in its body what went wrong when the headers are out', async () => {
    const { status, body } = await get('failure');
    expect(status).toBe(200);
    expect(body).toMatch(/^ /);
    expect(JSON.parse(body)).toEqual({ name: 'NotFoundError', data: { message: 'It went away' } });
  });

  it.each([
    ['soon', 200, { text: 'a' }],
    ['plain', 200, { text: 'plain' }],
    ['refused', 404, { name: 'NotFoundError', data: { message: 'Not there' } }],
    ['refused-soon', 404, { name: 'NotFoundError', data: { message: 'Not there either' } }],
  ])('that is %s is an ordinary one', async (name, status, expected) => {
    const answer = await get(name);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, expected]);
    expect(Number(answer.length)).toBe(answer.body.length);
  });
});
