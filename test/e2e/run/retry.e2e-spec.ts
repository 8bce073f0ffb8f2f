import { type ReceivedEvent, reply } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { RunWorld } from '../../helpers/run-world.js';

const isRetry = ({ properties }: ReceivedEvent) => properties['status']?.type === 'retry';
const SOON = { 'retry-after-ms': '5' };

describe('a provider that fails for now', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it.each([408, 409, 429, 500, 503])('with status %i is asked again', async (code) => {
    const place = await world.place();
    world.model.push(reply().fail(code, 'Not now', SOON), reply().fail(code, 'Not now', SOON), reply().text('Here.'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hello');
    expect(place.tale(session)).toEqual([
      ...STEP.prompt('Hello'),
      'busy',
      'assistant',
      'busy',
      'retry 1',
      'busy',
      'retry 2',
      'busy',
      'step-start',
      ...STEP.text('Here.'),
      ...STEP.close('stop'),
      ...STEP.end,
    ]);
    expect(body.info).not.toHaveProperty('error');
    expect(place.events.all(isRetry)[0]!.properties).toEqual({
      sessionID: session,
      status: { type: 'retry', attempt: 1, message: 'Not now', next: expect.any(Number) },
    });
  });

  it('is waited for as long as it asks', async () => {
    const place = await world.place();
    const session = await place.session();
    const waits: number[] = [];
    for (const headers of [{ 'retry-after': '90' }, { 'retry-after-ms': '45000', 'retry-after': '3' }, {}]) {
      world.model.push(reply().fail(429, 'Slow down', headers as Record<string, string>));
      const before = Date.now();
      const answer = place.prompt(session, 'Hello');
      const { properties } = await place.events.next(isRetry);
      waits.push((properties['status'].next - before) / 1000);
      await place.abort(session);
      await answer;
    }
    // generous, for slow machines
    for (const [index, least] of [90, 45, 2].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
      expect(waits[index]).toBeLessThan(least + 30);
    }
  });

  it('without a word is asked again', async () => {
    const place = await world.place();
    world.model.push(reply().reset(), reply().text('Here.'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hello');
    expect(body.parts.at(-2)).toMatchObject({ type: 'text', text: 'Here.' });
    expect(place.story(session)).toContain('retry 1');
  });

  it('in mid-stream is asked again, and what it had said stays', async () => {
    const place = await world.place();
    const overloaded = { error: { type: 'overloaded_error', message: 'Overloaded', code: 'overloaded' } };
    world.model.push(
      reply()
        .text('Half an ans')
        .raw(`data: ${JSON.stringify(overloaded)}\n\n`)
        .hang(),
      reply().text('A whole answer.'),
    );
    const session = await place.session();
    const answer = place.prompt(session, 'Hello');
    const { properties } = await place.events.next(isRetry);
    expect(properties['status'].attempt).toBe(1);
    const { body } = await answer;
    expect(body.parts.map(({ type, text }: { type: string; text?: string }) => text ?? type)).toEqual([
      'step-start',
      'Half an ans',
      'step-start',
      'A whole answer.',
      'step-finish',
    ]);
    expect(body.info.finish).toBe('stop');
  });

  it('in mid-stream for good is not asked again', async () => {
    const place = await world.place();
    world.model.push(reply().text('Half').raw('data: {"error":{"message":"Your credit is used up"}}\n\n').hang());
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hello');
    expect(body.info.error).toEqual({
      name: 'APIError',
      data: { message: 'Your credit is used up', isRetryable: false },
    });
    expect(body.parts[1]).toMatchObject({ text: 'Half', time: { end: expect.any(Number) } });
    await world.model.requests[0]!.ended;
  });

  it('after a tool has run does not run it again by itself', async () => {
    const place = await world.place();
    world.model.push(
      reply().tool('bash', { command: 'echo x >> count', description: 'Count' }),
      reply().fail(500, 'Oops', SOON),
      reply().text('Done.'),
    );
    const session = await place.session();
    await place.prompt(session, 'Hello');
    expect(await place.project.read('count')).toBe('x\n');
    expect((await place.history(session)).map(({ info }) => info.finish)).toEqual([undefined, 'tool-calls', 'stop']);
  });
});
