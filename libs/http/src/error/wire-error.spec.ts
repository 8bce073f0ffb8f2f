import { BadRequestException, ForbiddenException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import { NotFoundError } from '#libs/contract';
import { wireErrorOf } from './wire-error.js';

const answer = (thrown: unknown) => {
  const error = wireErrorOf(thrown);
  return { status: error.status, body: error.toBody() };
};

describe('wireErrorOf', () => {
  it('keeps what is meant for clients', () => {
    const error = new NotFoundError('Session not found: ses_1');
    expect(wireErrorOf(error)).toBe(error);
  });

  it.each([
    [new ForbiddenException('not yours'), 403, 'ForbiddenError', 'not yours'],
    [new ServiceUnavailableException('later'), 503, 'ServiceUnavailableError', 'later'],
    [new HttpException('tea', 418), 418, 'ImaTeapotError', 'tea'],
    [new HttpException('odd', 499), 499, 'HttpError', 'odd'],
  ])('names the exceptions of Nest after their status: %s', (thrown, status, name, message) => {
    expect(answer(thrown)).toEqual({ status, body: { name, data: { message } } });
  });

  it('gives 400 the shape of a failed validation', () => {
    const issues = ['a is wrong', 'b is wrong'].map((message) => ({ code: 'custom', path: [], message }));
    expect(answer(new BadRequestException(['a is wrong', 'b is wrong']))).toEqual({
      status: 400,
      body: { data: null, error: issues, errors: issues, success: false },
    });
  });

  it('tells the first line of anything else', () => {
    const error = new TypeError('no such thing\n    at secret (/home/me/file.js:1:1)');
    expect(answer(error)).toEqual({
      status: 500,
      body: { name: 'UnknownError', data: { message: 'TypeError: no such thing' } },
    });
    expect(answer('text')).toEqual({ status: 500, body: { name: 'UnknownError', data: { message: 'text' } } });
  });

  it('believes the status of an error only when the HTTP server made it', () => {
    const refused = Object.assign(new Error('too large'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 });
    expect(answer(refused).status).toBe(413);
    const foreign = Object.assign(new Error('model said 404'), { statusCode: 404 });
    expect(answer(foreign).status).toBe(500);
  });
});
