import { FrameWatch } from './frame-watch.js';

/** What is said of bytes that come in pieces of a certain size. */
function problemOf(bytes: string, size: number): string | undefined {
  const watch = new FrameWatch();
  for (let at = 0; at < bytes.length; at += size) {
    const problem = watch.problemOf(Buffer.from(bytes.slice(at, at + size)));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const message = (length: number, more = '') => `Content-Length: ${length}\r\n${more}\r\n${'x'.repeat(length)}`;

describe('what a server sends', () => {
  it.each([1, 2, 7, 1000, 1_000_000])('is messages, in pieces of %i bytes', (size) => {
    const bytes = [
      ...[message(10), message(0), message(20_000), message(3, 'Content-Type: application/json\r\n')],
      ...[
        message(5).replace('Content-Length: ', 'content-length:'),
        'Content-Length: 7\r\n\r\n\r\n\r\n{}x',
        message(1),
      ],
    ];
    expect(problemOf(bytes.join(''), size)).toBeUndefined();
  });

  it.each([1, 1000, 1_000_000])('may have no end, in pieces of %i bytes', (size) => {
    expect(problemOf('x'.repeat(8191), size)).toBeUndefined();
    expect(problemOf(message(10) + 'x'.repeat(8192), size)).toBe('it sends no messages');
    expect(problemOf(`Content-Length: ${64 * 1024 ** 2}\r\n\r\n`, size)).toBeUndefined();
    expect(problemOf('Content-Length: 99999999999\r\n\r\n', size)).toBe('it sends a message of 99999999999 bytes');
  });

  it('may begin with other lines, which are for the reader to refuse', () => {
    expect(problemOf('Hello\r\n\r\n', 4)).toBeUndefined();
  });
});
