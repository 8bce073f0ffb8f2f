import { Gate, isTitleRequest, plain, reply, scriptedProvider } from '../../../src/testing.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('the title of a session', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const title = async (place: Place, session: string) => (await place.get(`/session/${session}`)).body.title as string;
  const named = (place: Place, text: string) =>
    place.events.next(({ type, properties }) => type === 'session.updated' && properties['info'].title === text);
  /** What a title was asked for with. */
  const asked = async () => {
    await until(() => world.model.asides.length > 0, 'a title is asked for');
    return world.model.asides[0]!;
  };

  it('is made once, from the first prompt, in the background', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.always(isTitleRequest, () =>
      reply().text('<think>Hm.\n</think>\n').wait(gate).text('  A good name \nmore'),
    );
    world.model.push(reply().text('Hello.'), reply().text('Bye.'));
    const session = await place.session();
    expect(await title(place, session)).toMatch(/^New session - \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await place.prompt(session, 'Hi there');
    expect(await title(place, session)).toMatch(/^New session/);
    gate.open();
    await named(place, 'A good name');
    expect(await title(place, session)).toBe('A good name');

    const [request] = world.model.asides;
    expect(request!.body.messages.at(-1)).toMatchObject({ role: 'user', content: 'Hi there' });
    expect(request!.tools).toEqual([]);
    await place.prompt(session, 'And again');
    expect(world.model.asides).toHaveLength(1);
    // not accounted
    expect((await place.history(session))[1]!.info.tokens.input).toBe(10);
  });

  it('is cut when it is long, and none when the model says nothing', async () => {
    const place = await world.place();
    world.model.always(isTitleRequest, () => reply().text('x'.repeat(150)));
    world.model.push(reply().text('Hello.'));
    const session = await place.session();
    await place.prompt(session, 'Hi');
    await named(place, `${'x'.repeat(97)}...`);
    world.model.always(isTitleRequest, () => reply().text(' \n '));
    world.model.push(reply().text('Hello.'), reply().text('Hello.'));
    const silent = await place.session();
    await place.prompt(silent, 'Hi');
    await place.prompt(silent, 'Hi');
    expect(await title(place, silent)).toMatch(/^New session/);
  });

  it('is asked of the model that its agent names, also when a session begins with subtasks', async () => {
    const config = scriptedProvider(world.model) as { provider: { scripted: { models: Record<string, object> } } };
    const { models } = config.provider.scripted;
    models['tiny'] = { ...models['test'], name: 'Tiny' };
    const place = await world.place({ config: { ...config, agent: { title: { model: 'scripted/tiny' } } } });
    world.model.always(isTitleRequest, () => reply().text('Named'));
    world.model.push(reply().text('Found.'), reply().text('Done.'));
    const session = await place.session();
    const subtask = { type: 'subtask', prompt: 'Find the bug', description: 'Find', agent: 'general' };
    await place.prompt(session, { parts: [subtask] });
    await named(place, 'Named');
    expect(world.model.asides.map(({ body }) => [body.model, plain(body.messages.at(-1)!.content)])).toEqual([
      ['tiny', 'Find the bug'],
    ]);
  });

  it('is not made for children, for named sessions and when the first prompt was a note', async () => {
    const place = await world.place();
    world.model.always(isTitleRequest, () => reply().text('Wrong'));
    const root = await place.session({ title: 'My own' });
    const child = await place.session({ parentID: root });
    const noted = await place.session();
    await place.prompt(noted, { parts: [{ type: 'text', text: 'a note' }], noReply: true });
    for (const session of [root, child, noted]) {
      world.model.push(reply().text('Hello.'));
      await place.prompt(session, 'Hi');
    }
    expect(world.model.asides).toEqual([]);
    expect(await title(place, root)).toBe('My own');
    expect(await title(place, child)).toMatch(/^Child session - /);
    expect(await title(place, noted)).toMatch(/^New session - /);
  });

  it('given meanwhile by a person stays', async () => {
    const place = await world.place();
    const gate = new Gate();
    world.model.always(isTitleRequest, () => reply().wait(gate).text('Too late'));
    world.model.push(reply().text('Hello.'));
    const session = await place.session();
    await place.prompt(session, 'Hi');
    await world.server.request(`/session/${session}`, { method: 'PATCH', json: { title: 'Mine' } });
    gate.open();
    await (
      await asked()
    ).ended;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await title(place, session)).toBe('Mine');
  });

  it('comes without one when the model fails', async () => {
    const place = await world.place();
    world.model.always(isTitleRequest, () => reply().fail(401, 'No'));
    world.model.push(reply().text('Hello.'));
    const session = await place.session();
    const { body } = await place.prompt(session, 'Hi');
    expect(body.info.finish).toBe('stop');
    const request = await asked();
    await request.ended;
    expect(place.events.all('session.error')).toEqual([]);
    expect(plain(request.body.messages[0]!.content)).toMatch(/title/i);
  });
});
