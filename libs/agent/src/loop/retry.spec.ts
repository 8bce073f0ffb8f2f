import type { APIError, MessageError } from '#libs/contract';
import { retryDelay, retryReason } from './retry.js';

const api = (data: Partial<APIError['data']>): MessageError => ({
  name: 'APIError',
  data: { message: 'Slow down', isRetryable: true, ...data },
});
const unknown = (message: string): MessageError => ({ name: 'UnknownError', data: { message } });
const NOW = Date.UTC(2026, 0, 1);

describe('retryReason', () => {
  it.each([
    [api({}), 'Slow down'],
    [api({ message: 'Overloaded' }), 'Provider is overloaded'],
    [api({ isRetryable: false }), undefined],
    [unknown('plain text'), undefined],
    [unknown('{"broken'), undefined],
    [unknown('{"code":"resource_exhausted"}'), 'Provider is overloaded'],
    [unknown('{"error":{"code":"rate_limit_exceeded"}}'), 'Rate Limited'],
    [unknown('{"error":{"type":"too_many_requests"}}'), 'Too Many Requests'],
    [unknown('{"x":1}'), '{"x":1}'],
  ])('%j', (error, reason) => expect(retryReason(error)).toBe(reason));
});

describe('retryDelay', () => {
  it.each([
    [{ 'retry-after-ms': '150.2' }, 1, 151],
    [{ 'retry-after': '1.5' }, 1, 1500],
    [{ 'retry-after': '120' }, 1, 120_000],
    [{ 'retry-after': new Date(NOW + 5000).toUTCString() }, 1, 5000],
    [{ 'retry-after': new Date(NOW - 5000).toUTCString() }, 1, 2000],
    [{ 'retry-after': 'soon' }, 2, 4000],
    [{}, 3, 8000],
    [{}, 9, 30_000],
    [undefined, 9, 30_000],
    [{ 'retry-after': '99999999999' }, 1, 2 ** 31 - 1],
  ])('%j, attempt %d', (responseHeaders, attempt, delay) =>
    expect(retryDelay(api({ responseHeaders }), attempt, NOW)).toBe(delay),
  );
});
