import type { Issue } from './issue.js';
import {
  BadRequestError,
  ConfigInvalidError,
  ConflictError,
  errorText,
  NotFoundError,
  ProviderModelNotFoundError,
  SessionBusyError,
  WireError,
} from './wire.error.js';

describe('wire errors', () => {
  it.each<[WireError, number, object]>([
    [
      new NotFoundError('Session not found: ses_x'),
      404,
      { name: 'NotFoundError', data: { message: 'Session not found: ses_x' } },
    ],
    [new ConflictError('taken'), 409, { name: 'ConflictError', data: { message: 'taken' } }],
    [
      new SessionBusyError('ses_x'),
      409,
      { name: 'SessionBusyError', data: { sessionID: 'ses_x', message: 'Session ses_x is busy' } },
    ],
    [
      new ProviderModelNotFoundError('p', 'm', ['m1', 'm2']),
      400,
      {
        name: 'ProviderModelNotFoundError',
        data: {
          providerID: 'p',
          modelID: 'm',
          suggestions: ['m1', 'm2'],
          message: 'Model not found: p/m. Did you mean: m1, m2?',
        },
      },
    ],
    [
      new ConfigInvalidError({ path: '/a.json', message: 'bad' }),
      500,
      { name: 'ConfigInvalidError', data: { path: '/a.json', message: 'bad' } },
    ],
  ])('%s', (error, status, body) => {
    expect(error.status).toBe(status);
    expect(error.toBody()).toEqual(body);
    expect(error).toBeInstanceOf(Error);
  });

  it('of failed validation answer the input and the issues, under both names', () => {
    const issue: Issue = { code: 'custom', path: ['a'], message: 'no' };
    const error = new BadRequestError({ a: 1 }, [issue]);
    expect(error.status).toBe(400);
    expect(error.toBody()).toEqual({ data: { a: 1 }, error: [issue], errors: [issue], success: false });
    expect(error.message).toBe('no');
    expect(JSON.parse(JSON.stringify(new BadRequestError(undefined, []).toBody()))).toMatchObject({ data: null });
  });

  it('are recognised when another copy of the package threw them', () => {
    const copy = Object.assign(new Error('x'), { [Symbol.for('opencode.contract.wire-error')]: true });
    expect(WireError.is(copy)).toBe(true);
    expect(WireError.from(copy)).toBe(copy);
  });

  it.each([null, undefined, 'text', 5, {}, new Error('x')])('are not %j', (value) => {
    expect(WireError.is(value)).toBe(false);
  });

  it('hide everything but the first line of anything else', () => {
    const thrown = new TypeError('first line\n    at secret (/home/me/file.ts:1:1)');
    const error = WireError.from(thrown);
    expect(error.status).toBe(500);
    expect(error.toBody()).toEqual({ name: 'UnknownError', data: { message: 'TypeError: first line' } });
    expect(error.cause).toBe(thrown);
  });

  it.each([
    ['text\r\nmore', 'text'],
    [{ message: 'from an object' }, 'from an object'],
    [{}, 'An object was thrown'],
    [undefined, 'undefined'],
  ])('say %j as %j', (thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });
});
