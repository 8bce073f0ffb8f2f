import { limitedResponse } from './limited-response.js';

/** A response of these pieces, limited to ten bytes. */
function respond(type: string, ...pieces: string[]) {
  const ends: string[] = [];
  const state = { cancelled: false };
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) return controller.close();
      if (piece === 'broken') return controller.error(new TypeError('terminated'));
      controller.enqueue(Buffer.from(piece));
    },
    cancel: () => void (state.cancelled = true),
  });
  const response = new Response(body, { status: 203, headers: { 'content-type': type } });
  return { response: limitedResponse(response, () => ends.push('end'), 10), ends, state };
}
const EVENTS = 'text/event-stream; charset=utf-8';

describe('a limited response', () => {
  it('is what it was', async () => {
    const { response, ends } = respond('application/json', '{"a"', ':1}');
    expect([response.status, response.headers.get('content-type')]).toEqual([203, 'application/json']);
    expect([await response.json(), ends]).toEqual([{ a: 1 }, ['end']]);
  });

  it('breaks off when it is too large, and reads no further', async () => {
    const { response, ends, state } = respond('application/json', '12345', '67890', '1', 'never');
    await expect(response.text()).rejects.toThrow(new TypeError('A message of more than 10 bytes'));
    expect([ends, state.cancelled]).toEqual([['end'], true]);
  });

  it.each([
    ['1234567\n\n', '1234567\n\n', '12345\n\n12', '34\n\n'],
    ['1234567\r', '\n\r', '\n1234567', '\r\n\r\n1'],
    ['12345\r', '\r12345678'],
  ])('may have any number of events', async (...pieces) => {
    const { response } = respond(EVENTS, ...pieces);
    expect(await response.text()).toBe(pieces.join(''));
  });

  it('breaks off in an event that is too large', async () => {
    const { response } = respond(EVENTS, '12345\n\n1', '2345\n67890', '\n\n');
    await expect(response.text()).rejects.toThrow('A message of more than');
  });

  it('ends when it is broken, or nobody reads on', async () => {
    const broken = respond(EVENTS, '1', 'broken');
    await expect(broken.response.text()).rejects.toThrow('terminated');
    const left = respond(EVENTS, '1', '2');
    await left.response.body!.cancel();
    expect([broken.ends, left.ends, left.state.cancelled]).toEqual([['end'], ['end'], true]);
    const ends: string[] = [];
    expect(limitedResponse(new Response(null, { status: 204 }), () => ends.push('end')).status).toBe(204);
    expect(ends).toEqual(['end']);
  });
});
