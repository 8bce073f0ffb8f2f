import { plain, reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

describe('limits of a turn', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  describe('steps', () => {
    it('withdraw the tools in the last one, and tell the model to answer', async () => {
      const place = await world.place({ config: { agent: { build: { steps: 2 } } } });
      const glob = reply().tool('glob', { pattern: '*.none' });
      world.model.push(glob, reply().text('That is all.'));
      const session = await place.session();
      const { body } = await place.prompt(session, 'Look');
      const [first, second] = world.model.requests;
      expect(first!.tools).toContain('glob');
      expect(second!.tools).toEqual([]);
      expect(plain(second!.body.messages.at(-1)!.content)).toMatch(/last step.*Answer in text/s);
      expect(body.parts).toContainEqual(expect.objectContaining({ text: 'That is all.' }));
      expect(JSON.stringify(await place.history(session))).not.toContain('last step');
    });

    it('end the turn even when the model calls tools all the same', async () => {
      const place = await world.place({ config: { agent: { build: { steps: 1 } } } });
      world.model.push(reply().tool('glob', { pattern: '*' }));
      const session = await place.session();
      const { body } = await place.prompt(session, 'Look');
      expect(body.info.error).toBeUndefined();
      expect(body.parts.find(({ type }: { type: string }) => type === 'tool')).toMatchObject({ tool: 'invalid' });
      expect(place.story(session).slice(-3)).toEqual(['busy', 'idle', 'session.idle']);
    });
  });

  describe('equal calls', () => {
    const input = { pattern: '*.none' };
    const glob = () => reply().tool('glob', input);

    it('are asked about from the third in a row on, over steps', async () => {
      const place = await world.place();
      world.model.push(glob(), glob(), reply().tool('glob', { pattern: '*.other' }), glob(), glob(), glob());
      world.model.push(reply().text('Enough.'));
      const session = await place.session();
      const answer = place.prompt(session, 'Look');
      const asked = await place.asked();
      expect(asked).toEqual({
        id: expect.stringMatching(/^per_/),
        sessionID: session,
        permission: 'doom_loop',
        patterns: ['glob'],
        always: ['glob'],
        metadata: { tool: 'glob', input },
      });
      expect(world.model.requests).toHaveLength(6);
      await place.allow(asked['id']);
      expect((await answer).body.parts).toContainEqual(expect.objectContaining({ text: 'Enough.' }));
    });

    it('end the turn with an error when the user says no', async () => {
      const place = await world.place();
      world.model.push(glob(), glob(), glob());
      const session = await place.session();
      const answer = place.prompt(session, 'Look');
      await place.allow((await place.asked())['id'], 'reject');
      const { body } = await answer;
      expect(body.info.error).toEqual({
        name: 'UnknownError',
        data: { message: 'Error: The user rejected permission to use this specific tool call.' },
      });
      expect(body.parts.at(-1).state).toMatchObject({ status: 'error', error: 'Tool execution aborted' });
      expect(place.story(session).slice(-9)).toEqual([
        'permission.asked doom_loop glob',
        'permission.replied reject',
        'part glob error',
        'session.error UnknownError',
        'idle',
        'session.idle',
        'assistant error=UnknownError completed',
        'idle',
        'session.idle',
      ]);
    });

    it('are not asked about where a rule allows them', async () => {
      const place = await world.place({ config: { permission: { doom_loop: 'allow' } } });
      world.model.push(
        reply().tools(...[1, 2, 3].map(() => ({ name: 'glob', arguments: input }))),
        reply().text('Fine.'),
      );
      const { body } = await place.prompt(await place.session(), 'Look');
      expect(body.parts).toContainEqual(expect.objectContaining({ text: 'Fine.' }));
    });

    it('end the turn where a rule forbids them', async () => {
      const place = await world.place({ config: { permission: { doom_loop: 'deny' } } });
      world.model.push(glob(), glob(), glob());
      const { body } = await place.prompt(await place.session(), 'Look');
      expect(body.info.error).toMatchObject({ name: 'UnknownError', data: { message: expect.stringMatching(/rule/) } });
    });
  });
});
