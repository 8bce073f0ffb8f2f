import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reply } from '../../src/testing.js';
import { RunWorld } from '../helpers/run-world.js';

/** A small plugin by somebody else: a tool, `tool.execute.before` and `permission.ask`, in TypeScript. */
const PLUGIN = { name: '@sureshsankaran/opencode-destructive-check', version: '1.0.5' };

/** A provider package that does not come along; the smallest there is. */
const PROVIDER = '@ai-sdk/groq@4.0.84';

/** What npm needs to find its registry, as whoever runs the tests has set it up. */
const NPM = /^(?:PATH|NODE_EXTRA_CA_CERTS|(?:https?|no)_proxy|npm_config_\w*(?:registry|cafile|proxy)\w*)$/i;

describe('a package of the registry', () => {
  let world: RunWorld;
  beforeAll(async () => {
    const given = Object.entries(process.env).filter(([name, value]) => NPM.test(name) && value !== undefined);
    const variables = Object.fromEntries(given) as Record<string, string>;
    const npm_config_userconfig = process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
    world = await RunWorld.start({ variables: { ...variables, npm_config_userconfig } });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('with a plugin is installed by npm into the cache, and its hooks take effect', async () => {
    const { name, version } = PLUGIN;
    const config = { plugin: [`${name}@${version}`], permission: { bash: 'ask' } };
    const place = await world.place({ config });
    expect((await place.get('/experimental/tool/ids')).body).toContain('destructive-check-status');
    expect(place.events.all('session.error')).toEqual([]);
    const packages = join(world.server.home, '.cache/opencode/packages', `${name.replace('/', '+')}@${version}`);
    const manifest = await readFile(join(packages, 'node_modules', name, 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ name, version });

    world.model.push(
      reply().tool('bash', { command: 'git reset --hard', description: 'Resets' }),
      reply().tool('destructive-check-status', {}),
      reply().text('Done.'),
    );
    const session = await place.session({ title: 'Named' });
    const prompt = place.prompt(session, 'Go');
    const asked = await place.events.next('permission.asked');
    await place.post(`/permission/${asked.properties['id']}/reply`, { reply: 'once' });
    expect((await prompt).status).toBe(200);
    const parts = (await place.history(session)).flatMap((message) => message.parts);
    const status = JSON.parse(parts.find(({ tool }) => tool === 'destructive-check-status').state.output);
    // what the hooks before a tool and before a question have counted
    expect(status.session).toMatchObject({ id: session, checked: 2, permissionsRequested: 1 });
    expect(status.session.lastMatch).toMatchObject({ category: 'git', command: 'git reset --hard' });
  });

  it('with a provider is installed with the first prompt, and answers', async () => {
    const { model } = world;
    const options = { baseURL: model.baseURL, apiKey: 'k' };
    const acme = { npm: PROVIDER, options, models: { m: { reasoning: true } } };
    const place = await world.place({ config: { model: 'acme/m', provider: { acme } } });
    model.push(reply().tool('glob', { pattern: '*.json' }), reply().text('One file.'));
    const session = await place.session({ title: 'Named' });
    const { body } = await place.prompt(session, 'What is here?', { variant: 'high' });
    expect(body.info.error).toBeUndefined();
    expect(body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'One file.' }));
    expect(model.requests.at(-2)).toMatchObject({
      headers: { authorization: 'Bearer k' },
      // a pinned version is the same package to everything else
      body: { model: 'm', stream: true, reasoning_effort: 'high' },
    });
    const packages = await readdir(join(world.server.home, '.cache/opencode/packages'));
    expect(packages).toContain(PROVIDER.replace('/', '+'));
  });
});
