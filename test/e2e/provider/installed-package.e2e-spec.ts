import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { reply, TestServer } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

/** A provider package that does not come along; the smallest there is. */
const PACKAGE = '@ai-sdk/groq@4.0.84';

const provider = (npm: string, baseURL: string) => ({
  model: 'acme/m',
  provider: { acme: { npm, options: { baseURL, apiKey: 'k' }, models: { m: { reasoning: true } } } },
});

describe('a provider package that does not come along', () => {
  const registry = createServer((_request, response) => response.writeHead(404).end('{}'));
  beforeAll(() => new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => registry.close(resolve)));

  it('is installed from the npm registry with the first prompt, and answers', async () => {
    const world = await RunWorld.start();
    const place = await world.place({ config: provider(PACKAGE, world.model.baseURL) });
    world.model.push(reply().tool('glob', { pattern: '*.json' }), reply().text('One file.'));
    const { body } = await place.prompt(await place.session({ title: 'Named' }), 'What is here?', {
      variant: 'high',
    });
    expect(body.info.error).toBeUndefined();
    expect(body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'One file.' }));
    expect(world.model.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer k' },
      // a pinned version is the same package to everything else
      body: { model: 'm', stream: true, reasoning_effort: 'high' },
    });
    expect(await readdir(join(world.server.home, '.cache/opencode/packages'))).toEqual(['@ai-sdk+groq@4.0.84']);
    await world.settle();
    await world.close();
  });

  it.each<[string, string, Record<string, string>, RegExp]>([
    [
      'the registry does not know',
      '@acme/no-such-package',
      {},
      /^ProviderInitError: Provider acme needs the package @acme\/no-such-package, .*404 Not Found.* npm install @acme/s,
    ],
    ['there is no npm for', PACKAGE, { PATH: '/nowhere' }, /there is no npm on the search path/],
    ['has no name of one', '../evil', {}, /"\.\.\/evil" is not the name of an npm package/],
  ])('that %s fails the prompt with a text that says what to do', async (_, npm, more, text) => {
    const { port } = registry.address() as AddressInfo;
    const variables = { npm_config_registry: `http://127.0.0.1:${port}/`, ...more };
    await using server = await TestServer.start({
      variables,
      globalConfig: provider(npm, 'http://127.0.0.1:9'),
    });
    const { body: session } = await server.request('/session', { json: { title: 'Named' } });
    const { body } = await server.request(`/session/${session.id}/message`, {
      json: { parts: [{ type: 'text', text: 'hi' }] },
    });
    expect(body.info.error.data.message).toMatch(text);
  });
});
