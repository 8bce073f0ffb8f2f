import { Gate, reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('a long answer', () => {
  let world: RunWorld;
  beforeAll(async () => {
    const longAnswers = { patience: 50, interval: 20 };
    world = await RunWorld.start({ http: { longAnswers } });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('sends its headers early, then spaces, then one line of JSON', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().text('Line one.\nLine two.').wait(gate));
    const session = await place.session();
    const response = await world.server.fetch(`/session/${session}/message`, {
      directory: place.directory,
      json: { parts: [{ type: 'text', text: 'Go' }] },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.has('content-length')).toBe(false);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.length < 3) text += (await reader.read()).value ?? '';
    expect(text).toMatch(/^ +$/);
    gate.open();
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    expect(text).not.toContain('\n');
    const { info, parts } = JSON.parse(text);
    expect(info.finish).toBe('stop');
    expect(parts[1].text).toBe('Line one.\nLine two.');
    await place.events.next('session.idle');
  });

  it('that is short is sent whole, and what is wrong with the request has its own status', async () => {
    const place = await world.place();
    world.model.push(reply().text('Hi'));
    const session = await place.session();
    await place
      .prompt(session, { noReply: true, parts: [{ type: 'text', text: 'Note' }] })
      .then(({ headers, body }) => {
        expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(JSON.stringify(body)));
      });
    const unknown = await place.prompt('ses_00000000000000000000000000', 'Go');
    expect([unknown.status, unknown.body.name]).toEqual([404, 'NotFoundError']);
    expect((await place.post(`/session/${session}/message`, {})).status).toBe(400);
    await place.prompt(session, 'Go');
  });

  it('goes on without its client', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.push(reply().wait(gate).text('Hi'));
    const session = await place.session();
    const abort = new AbortController();
    const response = await world.server.fetch(`/session/${session}/message`, {
      directory: place.directory,
      json: { parts: [{ type: 'text', text: 'Go' }] },
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    abort.abort();
    gate.open();
    await place.events.next('session.idle');
    expect((await place.history(session)).at(-1)!.info.finish).toBe('stop');
  });
});
