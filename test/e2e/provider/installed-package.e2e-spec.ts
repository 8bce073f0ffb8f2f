import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestServer } from '../../../src/testing.js';

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
