import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { startProviders } from '../testing/provider.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { CatalogueRefresh } from './catalogue-refresh.service.js';
import { CatalogueService } from './catalogue.service.js';

const one = { one: { models: { m: { name: 'M' } } } };

describe('the refresh of the catalogue', () => {
  let server: ScriptedServer;
  beforeEach(async () => void (server = await ScriptedServer.start()));
  afterEach(() => server[Symbol.asyncDispose]());

  const start = (variables: Record<string, string> = {}, refreshCatalogue = true) =>
    startProviders({ refreshCatalogue, variables: { OPENCODE_MODELS_URL: server.url, ...variables } });
  const known = async ({ get }: Awaited<ReturnType<typeof start>>) => Object.keys(await get(CatalogueService).get());

  it('begins at the start, writes the file whole, and is used by projects opened later', async () => {
    server.json(one);
    await using world = await start();
    const before = await world.providers.list(world.instance);
    const refresh = world.get(CatalogueRefresh);
    await refresh.refresh();
    expect(server.requests[0]).toMatchObject({
      path: '/api.json',
      headers: { 'user-agent': 'opencode/latest/1.2.6/cli' },
    });
    const { cacheFile } = world.get(CatalogueService);
    expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toEqual(one);
    expect(await readdir(dirname(cacheFile))).toEqual(['models.json']);
    expect(await known(world)).toEqual(['one']);
    // a project that is open keeps its list
    expect(await world.providers.list(world.instance)).toEqual(before);
  });

  it.each<[string, (server: ScriptedServer) => void]>([
    ['an error', ({ json }) => void json],
    ['no catalogue', (scripted) => scripted.json(['nothing'])],
    ['nobody there', (scripted) => (scripted.answer = (response) => void response.destroy())],
  ])('keeps what it has after %s', async (_, prepare) => {
    prepare(server);
    await using world = await start();
    const { cacheFile } = world.get(CatalogueService);
    await mkdir(dirname(cacheFile), { recursive: true });
    await writeFile(cacheFile, JSON.stringify(one));
    await world.get(CatalogueRefresh).refresh();
    expect(await readdir(dirname(cacheFile))).toEqual(['models.json']);
    expect(await known(world)).toEqual(['one']);
  });

  it.each<[Record<string, string>, boolean]>([
    [{ OPENCODE_DISABLE_MODELS_FETCH: '1' }, true],
    [{}, false],
  ])('does not begin with %j when the host says %s', async (variables, wanted) => {
    await using world = await start(variables, wanted);
    await world.providers.list(world.instance);
    expect(server.requests).toEqual([]);
  });
});
