import { ShareService } from '../../../src/index.js';
import { TemporaryProject, TestServer } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';

class Shelf extends ShareService {
  readonly shared = new Set<string>();
  broken = false;
  refused = 0;

  share({ id }: { id: string }) {
    if (this.broken) {
      this.refused++;
      return Promise.reject(new Error('The shelf is full'));
    }
    this.shared.add(id);
    return Promise.resolve({ url: `https://shelf.example/${id}` });
  }

  unshare({ id }: { id: string }) {
    this.shared.delete(id);
    return Promise.resolve();
  }
}

describe('sharing', () => {
  it('answers with a typed error when there is no share service', async () => {
    await using server = await TestServer.start();
    const { body: session } = await server.request('/session', { json: {} });
    const { status, body } = await server.request(`/session/${session.id}/share`, { method: 'POST' });
    expect([status, body.name]).toEqual([400, 'ShareUnavailableError']);
    expect(body.data.message).toContain('No share service is configured');
    const unshared = await server.request(`/session/${session.id}/share`, { method: 'DELETE' });
    expect([unshared.status, unshared.body.id]).toEqual([200, session.id]);
    const unknown = '/session/ses_00000000000000000000000000/share';
    expect((await server.request(unknown, { method: 'POST' })).status).toBe(404);
    expect((await server.request(unknown, { method: 'DELETE' })).status).toBe(404);
  });

  it('goes through the service of the host', async () => {
    const shelf = new Shelf();
    await using server = await TestServer.start({ shareService: shelf });
    const { body: session } = await server.request('/session', { json: {} });
    const path = `/session/${session.id}/share`;
    const shared = await server.request(path, { method: 'POST' });
    expect([shared.status, shared.body.share]).toEqual([200, { url: `https://shelf.example/${session.id}` }]);
    expect([...shelf.shared]).toEqual([session.id]);
    const unshared = await server.request(path, { method: 'DELETE' });
    expect(unshared.body).not.toHaveProperty('share');
    expect(shelf.shared.size).toBe(0);
    await server.request(path, { method: 'POST' });
    expect(shelf.shared.size).toBe(1);
    await server.request(`/session/${session.id}`, { method: 'DELETE' });
    expect(shelf.shared.size).toBe(0);
  });

  it('begins with a new session where the configuration says so, and never gets in its way', async () => {
    const shelf = new Shelf();
    await using server = await TestServer.start({ shareService: shelf });
    await using project = await TemporaryProject.create({ config: { share: 'auto' } });
    const { directory } = project;
    const create = async (input: object) => (await server.request('/session', { directory, json: input })).body;
    using events = await server.events({ directory });
    const root = await create({});
    expect(root).not.toHaveProperty('share');
    const shared = await events.next(
      ({ type, properties }) => type === 'session.updated' && properties['info'].share !== undefined,
    );
    expect(shared.properties['info']).toMatchObject({
      id: root.id,
      share: { url: `https://shelf.example/${root.id}` },
    });
    const child = await create({ parentID: root.id });
    shelf.broken = true;
    const unlucky = await create({});
    await until(() => shelf.refused > 0, 'the shelf is asked');
    shelf.broken = false;
    const copy = (await server.request(`/session/${root.id}/fork`, { directory, json: {} })).body;
    await events.next(({ properties }) => properties['info']?.id === copy.id && properties['info'].share !== undefined);
    const get = async (id: string) => (await server.request(`/session/${id}`, { directory })).body;
    expect([...shelf.shared]).toEqual([root.id, copy.id]);
    for (const { id } of [child, unlucky]) expect(await get(id)).not.toHaveProperty('share');
    expect(events.types('session.error')).toEqual([]);
  });

  it('can be forbidden', async () => {
    await using server = await TestServer.start({ shareService: new Shelf() });
    await using project = await TemporaryProject.create({ config: { share: 'disabled' } });
    const { directory } = project;
    const { body: session } = await server.request('/session', { directory, json: {} });
    const refused = await server.request(`/session/${session.id}/share`, { directory, method: 'POST' });
    expect([refused.status, refused.body.name]).toEqual([400, 'ShareUnavailableError']);
    expect(refused.body.data.message).toContain('disabled');
  });
});
