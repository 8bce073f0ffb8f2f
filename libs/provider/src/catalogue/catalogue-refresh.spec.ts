import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProviders } from '../testing/provider.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { CatalogueRefresh } from './catalogue-refresh.service.js';
import { CatalogueService } from './catalogue.service.js';

const one = { one: { models: { m: { name: 'M' } } } };

/** Waits for a file. */
async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await delay(20);
}

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
    const { cacheFile } = world.get(CatalogueService);
    await appears(cacheFile);
    expect(server.requests[0]).toMatchObject({
      path: '/api.json',
      headers: { 'user-agent': 'opencode/latest/1.2.6/cli' },
    });
    expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toEqual(one);
    expect(await readdir(dirname(cacheFile))).toEqual(['models.json']);
    while (!(await known(world)).includes('one')) await delay(20);
    // a project that is open keeps its list
    expect(await world.providers.list(world.instance)).toEqual(before);
  });

  it.each<[string, (server: ScriptedServer) => void]>([
    ['an error', () => undefined],
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

  it('does not begin when the environment or the host does not want it', async () => {
    server.json(one);
    await using forbidden = await start({ OPENCODE_DISABLE_MODELS_FETCH: '1' });
    await using unwanted = await start({}, false);
    await using wanted = await start();
    await appears(wanted.get(CatalogueService).cacheFile);
    expect(server.requests).toHaveLength(1);
    for (const world of [forbidden, unwanted])
      await expect(readFile(world.get(CatalogueService).cacheFile)).rejects.toThrow('ENOENT');
  });
});
