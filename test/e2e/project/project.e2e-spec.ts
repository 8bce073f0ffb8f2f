import { TemporaryProject, TestServer, type EventReader } from '../../../src/testing.js';
import { ProjectClient } from '../../helpers/project-client.js';

describe('a project', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let client: ProjectClient;
  let all: EventReader;
  beforeAll(async () => {
    server = await TestServer.start();
    project = await TemporaryProject.create({ git: true, files: { 'a.txt': 'a\n' } });
    client = new ProjectClient(server, project);
    all = await server.events();
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
  });

  it('takes a name, an icon and a start command, field by field', async () => {
    const { body: before } = await client.get('/project/current');
    const change = async (input: object) => {
      const { status, body } = await client.patch(`/project/${before.id}`, input);
      expect(status).toBe(200);
      expect(all.all('project.updated').at(-1)).toMatchObject({ properties: body });
      expect((await client.get('/project/current')).body).toEqual(body);
      const { body: list } = await client.get('/project');
      expect(list).toEqual([body]);
      return body;
    };
    expect(await change({ name: 'Mine', icon: { color: 'blue' } })).toMatchObject({
      ...before,
      time: { created: before.time.created },
      name: 'Mine',
      icon: { color: 'blue' },
    });
    expect((await change({ icon: { url: 'data:,x', override: 'O' } })).icon).toEqual({
      color: 'blue',
      url: 'data:,x',
      override: 'O',
    });
    const { name, icon, commands } = await change({ name: '', commands: { start: 'true' } });
    expect([name, icon.color, commands]).toEqual(['', 'blue', { start: 'true' }]);
    expect(await change({})).toMatchObject({ name: '', icon, commands });
    await server.request('/instance/dispose', { directory: project.directory, method: 'POST' });
    expect((await client.get('/project/current')).body).toMatchObject({ name: '', icon, commands });
  });

  it('has to be known', async () => {
    for (const id of ['nope', '__proto__', '..%2f..', '%00'])
      expect([id, (await client.patch(`/project/${id}`, { name: 'x' })).status]).toEqual([id, 404]);
    const { body } = await client.get('/project/current');
    for (const input of [{ name: 5 }, { icon: 'x' }, { icon: { url: 1 } }, { commands: { start: [] } }])
      expect((await client.patch(`/project/${body.id}`, input)).status).toBe(400);
  });

  it('tells when another branch is checked out, also in a linked checkout', async () => {
    const events = await client.openEvents();
    expect((await client.get('/vcs')).body).toEqual({ branch: 'main' });
    await project.git('checkout', '--quiet', '-b', 'topic/one');
    expect((await events.next('vcs.branch.updated')).properties).toEqual({ branch: 'topic/one' });
    expect((await client.get('/vcs')).body).toEqual({ branch: 'topic/one' });
    await project.git('checkout', '--quiet', '--detach');
    expect((await events.next('vcs.branch.updated')).properties).toEqual({ branch: 'HEAD' });
    await project.git('checkout', '--quiet', 'main');
    expect((await events.next('vcs.branch.updated')).properties).toEqual({ branch: 'main' });
    expect(events.all('file.watcher.updated').map(({ properties }) => properties)).toEqual(
      Array.from({ length: 3 }, () => ({ file: project.path('.git/HEAD'), event: 'change' })),
    );

    await project.git('worktree', 'add', '--quiet', '-b', 'linked', project.path('linked'));
    const linked = await server.events({ directory: project.path('linked') });
    // the stream is there before the branch was looked at
    const known = await server.request('/vcs', { directory: project.path('linked') });
    expect(known.body).toEqual({ branch: 'linked' });
    await project.git('-C', project.path('linked'), 'checkout', '--quiet', '-b', 'linked-two');
    expect((await linked.next('vcs.branch.updated')).properties).toEqual({ branch: 'linked-two' });
    expect(events.all('vcs.branch.updated')).toHaveLength(3);
    await project.git('worktree', 'remove', '--force', project.path('linked'));
  });

  it('gets the favicon nearest to its root when icons are looked for', async () => {
    await using site = await TemporaryProject.create({
      git: true,
      files: { 'deep/er/favicon.png': 'deep', 'web/favicon.svg': '<svg/>', 'web/other.ico': 'x' },
    });
    const looking = await TestServer.start({ variables: { OPENCODE_EXPERIMENTAL_ICON_DISCOVERY: '1' } });
    try {
      const seen = await looking.events();
      await looking.request('/path', { directory: site.directory });
      const { properties } = await seen.next(({ type, properties: { icon } }) => type === 'project.updated' && !!icon);
      expect(properties['icon']).toEqual({ url: 'data:image/svg+xml;base64,PHN2Zy8+' });
    } finally {
      await looking.close();
    }
  });

  it('tells nothing of branches when watching is switched off', async () => {
    const quiet = await TestServer.start({ variables: { OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER: '1' } });
    try {
      const events = await quiet.events({ directory: project.directory });
      await project.git('checkout', '--quiet', '-b', 'unseen');
      expect((await quiet.request('/vcs', { directory: project.directory })).body).toEqual({ branch: 'unseen' });
      expect(events.all('vcs.branch.updated')).toEqual([]);
    } finally {
      await quiet.close();
      await project.git('checkout', '--quiet', 'main');
    }
  });
});
