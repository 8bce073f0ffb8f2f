import { type EventReader, Gate, reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { ProjectClient, say, typesOf } from '../../helpers/project-client.js';

const SESSION_ID = /^ses_[0-9a-f]{12}[0-9A-Za-z]{14}$/;
const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const UNKNOWN = 'ses_ffffffffffffaaaaaaaaaaaaaa';
const notFound = (message: string) => ({ status: 404, body: { name: 'NotFoundError', data: { message } } });
const ids = (sessions: { id: string }[]) => sessions.map(({ id }) => id);

describe('sessions', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let server: TestServer;
  let client: ProjectClient;
  let events: EventReader;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model });
    server = await TestServer.start();
    client = new ProjectClient(server, project);
    events = await client.openEvents();
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
    await model.close();
  });
  /** Events from here on. */
  const from = async (): Promise<() => Promise<string[]>> => {
    const seen = events.log.length;
    return async () => {
      // no event says "nothing more": a session of our own marks the end
      const { id } = await client.create({ title: 'end of a list of events' });
      await events.next((event) => event.type === 'session.updated' && event.properties['info'].id === id);
      await client.delete(`/session/${id}`);
      await events.next('session.deleted');
      return typesOf(events.log.slice(seen, -3));
    };
  };

  describe('create', () => {
    it('needs no body', async () => {
      const before = Date.now();
      const { status, body } = await server.request('/session', { method: 'POST', directory: project.directory });
      expect(status).toBe(200);
      expect(body).toEqual({
        id: expect.stringMatching(SESSION_ID),
        slug: expect.stringMatching(/^[a-z]+-[a-z]+$/),
        projectID: 'global',
        directory: project.directory,
        title: expect.stringMatching(new RegExp(`^New session - ${ISO}$`)),
        version: '1.2.6',
        time: { created: expect.any(Number), updated: body.time.created },
      });
      expect(body.time.created).toBeGreaterThanOrEqual(before);
      const created = await events.next('session.created');
      const updated = await events.next('session.updated');
      expect([created.properties, updated.properties]).toEqual([{ info: body }, { info: body }]);
      expect(await client.get(`/session/${body.id}`)).toMatchObject({ status: 200, body });
    });

    it('takes title, parent and permissions, and skips what it does not know', async () => {
      const parent = await client.create({});
      const permission = [{ permission: 'bash', pattern: 'git *', action: 'ask' }];
      const named = await client.create({ title: 'Mine', permission, color: 'red' });
      expect(named).toMatchObject({ title: 'Mine', permission });
      expect(named).not.toHaveProperty('color');
      const child = await client.create({ parentID: parent.id });
      expect(child).toMatchObject({
        parentID: parent.id,
        title: expect.stringMatching(new RegExp(`^Child session - ${ISO}$`)),
      });
      expect((await client.get(`/session/${parent.id}/children`)).body).toEqual([child]);
      // nobody checks that a parent exists
      expect(await client.create({ parentID: UNKNOWN, title: '' })).toMatchObject({ parentID: UNKNOWN, title: '' });
    });

    it('skips a body that is not announced as JSON', async () => {
      const { status, body } = await server.request('/session', {
        method: 'POST',
        body: '{"title":"unseen"}',
        headers: { 'content-type': 'text/plain' },
        directory: project.directory,
      });
      expect([status, body.title]).toEqual([200, expect.stringMatching(/^New session/)]);
    });

    it('gives newer sessions smaller ids', async () => {
      const made = [await client.create(), await client.create(), await client.create()];
      expect(ids(made)).toEqual(ids(made).sort().reverse());
    });
  });

  describe('list', () => {
    let own: TemporaryProject;
    let there: ProjectClient;
    let root: { id: string };
    let child: { id: string };
    let other: { id: string; time: { updated: number } };
    beforeAll(async () => {
      own = await TemporaryProject.create({ git: true, files: { 'sub/a.txt': 'a' } });
      there = new ProjectClient(server, own);
      root = await there.create({ title: 'Alpha 100% done' });
      child = await there.create({ title: 'alphabet', parentID: root.id });
      // updated later than the others, whatever the clock says
      await new Promise((resolve) => setTimeout(resolve, 5));
      other = await there.create({ title: 'Beta' });
    });
    afterAll(() => own.remove());
    const list = async (query = '') => ids((await there.get(`/session${query}`)).body);

    it('tells the sessions of the project only, the one updated last first', async () => {
      const all = await list();
      expect([all[0], ...all.slice(1).sort()]).toEqual([other.id, ...[root.id, child.id].sort()]);
      await there.patch(`/session/${root.id}`, { title: 'Alpha 100% done' });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await there.patch(`/session/${child.id}`, { title: 'alphabet' });
      expect((await list()).slice(0, 2)).toEqual([child.id, root.id]);
      expect(ids((await client.get('/session')).body)).not.toContain(root.id);
    });

    it.each([
      ['true', false],
      ['1', false],
      ['false', true],
      ['0', true],
      ['', true],
    ])('roots=%s: children %s', async (roots, withChildren) => {
      expect((await list(`?roots=${roots}`)).includes(child.id)).toBe(withChildren);
    });

    it('filters by directory when the query names one, not when the header does', async () => {
      const sub = own.path('sub');
      const { body: below } = await server.request('/session', { json: { title: 'below' }, directory: sub });
      const query = `?directory=${encodeURIComponent(own.directory)}`;
      expect(ids((await server.request(`/session${query}`)).body)).not.toContain(below.id);
      expect(ids((await server.request(`/session?directory=${encodeURIComponent(sub)}`)).body)).toEqual([below.id]);
      // the header chooses the project: one repository, all of its directories
      expect(await list()).toEqual(expect.arrayContaining([below.id, root.id, child.id, other.id]));
      expect(ids((await server.request('/session', { directory: sub })).body)).toContain(root.id);
    });

    it('searches titles, whatever the case', async () => {
      expect((await list('?search=ALPHA')).sort()).toEqual([root.id, child.id].sort());
      expect(await list('?search=100%25')).toEqual([root.id]);
      expect(await list('?search=nothing')).toEqual([]);
      expect((await list('?search=')).length).toBeGreaterThan(2);
    });

    it('starts at a time', async () => {
      const { body } = await there.patch(`/session/${other.id}`, { title: 'Beta' });
      expect(await list(`?start=${body.time.updated}`)).toContain(other.id);
      expect(await list(`?start=${body.time.updated + 60_000}`)).toEqual([]);
      expect((await list('?start=0')).length).toBeGreaterThan(2);
    });

    it('limits', async () => {
      const all = await list();
      expect(await list('?limit=1')).toEqual(all.slice(0, 1));
      expect(await list('?limit=0')).toEqual([]);
      expect(await list('?limit=-1')).toEqual(all);
      for (const bad of ['?limit=many', '?start=yesterday', '?limit=1&limit=2']) {
        const { status, body } = await there.get(`/session${bad}`);
        expect([bad, status, body.success]).toEqual([bad, 400, false]);
      }
    });

    it('tells a hundred unless told otherwise, archived ones too', async () => {
      await using crowded = await TemporaryProject.create({ git: true, files: { crowd: 'x' } });
      const many = new ProjectClient(server, crowded);
      const made = await Promise.all(Array.from({ length: 101 }, () => many.create()));
      expect((await many.get('/session')).body).toHaveLength(100);
      expect((await many.get('/session?limit=-1')).body).toHaveLength(101);
      await many.patch(`/session/${made[0].id}`, { time: { archived: 5 } });
      expect((await many.get('/session')).body[0]).toMatchObject({ id: made[0].id, time: { archived: 5 } });
    });
  });

  describe('change', () => {
    it('renames and archives, with one event for each', async () => {
      const session = await client.create();
      const seen = await from();
      const { status, body } = await client.patch(`/session/${session.id}`, {
        title: 'New name',
        time: { archived: 7 },
      });
      expect([status, body]).toEqual([
        200,
        { ...session, title: 'New name', time: { ...session.time, updated: expect.any(Number), archived: 7 } },
      ]);
      expect(body.time.updated).toBeGreaterThanOrEqual(session.time.updated);
      expect(await seen()).toEqual(['session.updated', 'session.updated']);
      expect((await client.patch(`/session/${session.id}`, { time: { archived: 0 } })).body.time.archived).toBe(0);
    });

    it('leaves a session alone when nothing is to change', async () => {
      const session = await client.create();
      const seen = await from();
      expect((await client.patch(`/session/${session.id}`, {})).body).toEqual(session);
      const bodiless = await server.request(`/session/${session.id}`, { method: 'PATCH' });
      expect(bodiless).toMatchObject({ status: 200, body: session });
      expect((await client.patch(`/session/${session.id}`, { time: { archived: null } })).status).toBe(400);
      expect(await seen()).toEqual([]);
    });

    it('never mixes changes that come at once', async () => {
      const session = await client.create();
      await Promise.all([
        ...Array.from({ length: 5 }, (_, n) => client.patch(`/session/${session.id}`, { title: `t${n}` })),
        client.patch(`/session/${session.id}`, { time: { archived: 9 } }),
      ]);
      const { body } = await client.get(`/session/${session.id}`);
      expect(body).toMatchObject({ title: expect.stringMatching(/^t\d$/), time: { archived: 9 } });
    });
  });

  describe('delete', () => {
    it('takes children with it, the youngest generation first', async () => {
      const parent = await client.create({ title: 'parent' });
      const child = await client.create({ parentID: parent.id });
      const grandchild = await client.create({ parentID: child.id });
      await client.prompt(grandchild.id, 'kept', { noReply: true });
      await events.next((event) => event.type === 'message.part.updated');

      expect(await client.delete(`/session/${parent.id}`)).toMatchObject({ status: 200, body: true });
      const gone = [
        await events.next('session.deleted'),
        await events.next('session.deleted'),
        await events.next('session.deleted'),
      ];
      expect(gone.map(({ properties }) => properties['info'].id)).toEqual([grandchild.id, child.id, parent.id]);
      for (const { id } of [parent, child, grandchild])
        for (const path of ['', '/message', '/children', '/todo'])
          expect(await client.get(`/session/${id}${path}`)).toMatchObject(notFound(`Session not found: ${id}`));
    });

    it('ends the run of a busy session first', async () => {
      const session = await client.create({ title: 'busy' });
      const arrived = model.requests.length + 1;
      model.push(reply().text('Once upon ').hang());
      const prompt = client.prompt(session.id, 'Tell me');
      const request = await model.request(arrived);
      await events.next('message.part.delta');
      expect((await client.get('/session/status')).body).toEqual({ [session.id]: { type: 'busy' } });

      expect(await client.delete(`/session/${session.id}`)).toMatchObject({ status: 200, body: true });
      await request.ended;
      expect(request.aborted).toBe(true);
      const answer = await prompt;
      expect([answer.status, answer.body.info?.error?.name]).toEqual([200, 'MessageAbortedError']);
      const order = typesOf(await events.until('session.deleted'));
      expect(order).toContain('session.error');
      expect(order.slice(0, -1).lastIndexOf('session.idle')).toBeGreaterThan(order.indexOf('session.error'));
      expect((await client.get('/session/status')).body).toEqual({});
      const seen = await from();
      expect(await seen()).toEqual([]);
    });

    it('is answered 404 the second time', async () => {
      const { id } = await client.create();
      await client.delete(`/session/${id}`);
      expect(await client.delete(`/session/${id}`)).toMatchObject(notFound(`Session not found: ${id}`));
    });
  });

  it('has an empty todo list until the agent writes one', async () => {
    const session = await client.create({ title: 'todo' });
    expect((await client.get(`/session/${session.id}/todo`)).body).toEqual([]);
    const todos = [
      { content: 'Look', status: 'completed', priority: 'high' },
      { content: 'Leap', status: 'pending', priority: 'low' },
    ];
    model.push(reply().tool('todowrite', { todos }), reply().text('Noted.'));
    const answer = await client.prompt(session.id, 'Plan');
    expect(answer.body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'Noted.' }));
    expect((await events.next('todo.updated')).properties).toEqual({ sessionID: session.id, todos });
    expect((await client.get(`/session/${session.id}/todo`)).body).toEqual(todos);
  });

  it('tells which sessions are busy, and nothing of the others', async () => {
    const [quiet, busy] = [await client.create({ title: 'quiet' }), await client.create({ title: 'busy' })];
    const gate = new Gate();
    const arrived = model.requests.length + 1;
    model.push(reply().text('a').wait(gate).text('b'));
    const prompt = client.prompt(busy.id, 'Wait');
    await model.request(arrived);
    expect((await client.get('/session/status')).body).toEqual({ [busy.id]: { type: 'busy' } });
    expect(await client.post(`/session/${quiet.id}/abort`)).toMatchObject({ status: 200, body: true });
    expect((await client.get('/session/status')).body).toHaveProperty([busy.id]);
    gate.open();
    await prompt;
    expect((await client.get('/session/status')).body).toEqual({});
  });

  it('is found by its id alone, from every project and from none', async () => {
    await using elsewhere = await TemporaryProject.create();
    const session = await client.create({ title: 'found' });
    model.push(reply().tool('bash', { command: 'pwd', description: 'where' }), reply().text('There.'));
    for (const directory of [undefined, elsewhere.directory, project.directory])
      expect((await server.request(`/session/${session.id}`, { directory })).body).toMatchObject({ id: session.id });
    const answer = await server.request(`/session/${session.id}/message`, {
      json: say('Where?'),
      directory: elsewhere.directory,
    });
    expect(answer.body.info.path).toEqual({ cwd: project.directory, root: '/' });
    const { body } = await server.request(`/session/${session.id}/message`);
    expect(JSON.stringify(body)).toContain(`"output":"${project.directory}\\n"`);
    expect(
      await server.request(`/session/${session.id}/abort`, { json: {}, directory: elsewhere.directory }),
    ).toMatchObject({ status: 200 });
  });
});
