import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { plain, reply, TemporaryProject, TestServer } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

/** A plugin of the registry as it is: TypeScript inside of a package, with the client, `$` and three hooks. */
const PLUGIN = 'opencode-beads';

describe('a plugin package', () => {
  let world: RunWorld;
  let tools: TemporaryProject;
  beforeAll(async () => {
    // the program that the plugin runs
    tools = await TemporaryProject.create();
    await writeFile(tools.path('bd'), '#!/bin/sh\necho "Ready work: mend the roof ($1)"\n');
    await chmod(tools.path('bd'), 0o755);
    world = await RunWorld.start({ variables: { PATH: `${tools.directory}:${process.env['PATH']}` } });
  });
  afterEach(() => world.settle());
  afterAll(async () => {
    await world.close();
    await tools.remove();
  });

  it('that is installed in a configuration directory runs as it is', async () => {
    const modules = join(world.server.home, '.config/opencode/node_modules');
    await mkdir(modules, { recursive: true });
    await symlink(resolve('node_modules', PLUGIN), join(modules, PLUGIN));
    const place = await world.place({ config: { ...scripted(world), plugin: [PLUGIN] } });

    const { body: commands } = await place.get('/command');
    expect(commands.map(({ name }: { name: string }) => name)).toContain('bd-ready');
    const { body: agents } = await place.get('/agent');
    expect(agents).toContainEqual(expect.objectContaining({ name: 'beads-task-agent', mode: 'subagent' }));

    world.model.push(reply().text('I mend it.'), reply().text('Done.'));
    const session = await place.session({ title: 'Named' });
    const { status } = await place.prompt(session, 'What is to be done?');
    expect(status).toBe(200);
    await place.prompt(session, 'Go on');
    const sent = JSON.stringify(world.model.requests.at(-1)!.body.messages.map(({ content }) => plain(content)));
    expect(sent).toContain('Ready work: mend the roof (prime)');
    // once per session
    expect(sent.split('<beads-context>')).toHaveLength(2);
  });

  it.each([
    ['no registry can be reached', '', /FetchError: .*ECONNREFUSED/],
    ['the registry does not know it', 'registry', /404 Not Found - GET .*no-such-plugin/],
    ['there is no npm', 'nowhere', /there is no npm on the search path/],
  ])('that cannot be installed is left out and told of, for %s; the rest works', async (_, kind, message) => {
    const registry = createServer((_request, response) => response.writeHead(404).end('{}')).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const port = kind === 'registry' ? (registry.address() as AddressInfo).port : 1;
    const variables = {
      PATH: kind === 'nowhere' ? '/nowhere' : (process.env['PATH'] ?? ''),
      npm_config_registry: `http://127.0.0.1:${port}/`,
    };
    await using server = await TestServer.start({ variables });
    const other = `export const Other = async () => ({ config: async (config) => { config.username = 'other'; } });`;
    const project = await TemporaryProject.create({
      files: { '.opencode/plugin/other.js': other },
      config: { plugin: ['no-such-plugin@1.0.0'] },
    });
    const { directory } = project;
    const events = await server.events({ directory });
    const { status, body } = await server.request('/config', { directory });
    expect([status, body.username]).toEqual([200, 'other']);
    const failure = await events.next('session.error');
    expect(failure.properties['error'].data.message).toMatch(
      /^The plugin no-such-plugin@1\.0\.0 is left out: Cannot install no-such-plugin \(1\.0\.0\): /,
    );
    expect(failure.properties['error'].data.message).toMatch(message);
    expect((await server.request('/session', { directory, json: {} })).status).toBe(200);
    registry.close();
    await project.remove();
  });
});

const scripted = ({ model }: RunWorld) => ({
  model: 'scripted/test',
  provider: {
    scripted: {
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: model.baseURL, apiKey: 'k' },
      models: { test: { name: 'Test', tool_call: true, limit: { context: 200_000, output: 8_192 } } },
    },
  },
});
