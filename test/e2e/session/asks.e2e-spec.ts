import { InstanceStore, PermissionService, QuestionService } from '../../../src/index.js';
import { reply } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('what is asked below a session', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** Prompts a session to call a tool that asks, and waits until it does. */
  async function asking(place: Place, sessionID: string, tool: string, input: object) {
    const answer = place.prompt(sessionID, 'Go');
    world.model.push(reply().tool(tool, input));
    const { properties } = await place.events.next(
      ({ type, properties }) => type.endsWith('.asked') && properties['sessionID'] === sessionID,
    );
    return { request: properties, answer };
  }

  const bash = { command: 'echo hi', description: 'Say hi' };
  const questions = {
    questions: [{ question: 'Which?', header: 'Which', options: [{ label: 'A', description: 'a' }] }],
  };

  it('is listed for it at any depth, and answered by anybody', async () => {
    const place = await world.place({ config: { permission: { bash: 'ask' } } });
    const root = await place.session({ title: 'root' });
    const child = await place.session({ title: 'child', parentID: root });
    const grandchild = await place.session({ title: 'grandchild', parentID: child });
    const stranger = await place.session({ title: 'stranger' });
    const list = async (id: string, kind = 'permission') => (await place.get(`/session/${id}/${kind}`)).body;
    expect(await list(root)).toEqual([]);

    const deep = await asking(place, grandchild, 'bash', bash);
    const middle = await asking(place, child, 'bash', bash);
    const other = await asking(place, stranger, 'bash', bash);
    const asked = await asking(place, root, 'question', questions);
    expect(await list(root)).toEqual([deep.request, middle.request]);
    expect(await list(child)).toEqual([deep.request, middle.request]);
    expect(await list(grandchild)).toEqual([deep.request]);
    expect(await list(stranger)).toEqual([other.request]);
    expect(await list(root, 'question')).toEqual([asked.request]);
    expect(await list(child, 'question')).toEqual([]);
    // the lists of the project are as ever
    expect(await place.permissions()).toEqual([deep.request, middle.request, other.request]);

    for (const _ of [deep, middle, other, asked]) world.model.push(reply().text('Done.'));
    for (const { request } of [deep, middle, other]) expect((await place.allow(request['id'])).body).toBe(true);
    await place.post(`/question/${asked.request['id']}/reply`, { answers: [['A']] });
    for (const { answer } of [deep, middle, other, asked]) expect((await answer).body.info.finish).toBe('stop');
    expect([await list(root), await list(root, 'question')]).toEqual([[], []]);
    for (const kind of ['permission', 'question']) {
      expect((await place.get(`/session/ses_unknown/${kind}`)).status).toBe(404);
      expect((await place.get(`/session/nonsense/${kind}`)).status).toBe(400);
    }
  });

  it('ends with the session, also what a host asked without a run', async () => {
    const place = await world.place();
    const sessionID = await place.session();
    const get = <T>(type: new (...args: never[]) => T) => world.server.app.get(type, { strict: false });
    await get(InstanceStore).use(place.directory, async (instance) => {
      const ask = { sessionID, permission: 'deploy', patterns: ['*'], always: [], metadata: {}, ruleset: [] };
      const asked = Promise.allSettled([
        get(PermissionService).ask(instance, ask),
        get(QuestionService).ask(instance, { sessionID, ...questions }),
      ]);
      expect((await place.get(`/session/${sessionID}/permission`)).body).toMatchObject([{ permission: 'deploy' }]);
      await world.server.request(`/session/${sessionID}`, { directory: place.directory, method: 'DELETE' });
      const ends = await asked;
      expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(place.log(sessionID).map(({ type }) => type)).toEqual(
        expect.arrayContaining(['permission.replied', 'question.rejected']),
      );
      expect([await place.permissions(), (await place.get('/question')).body]).toEqual([[], []]);
    });
  });
});
