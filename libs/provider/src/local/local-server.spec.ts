import { Clock } from '#libs/extension';
import { startProviders } from '../testing/provider.fixture.js';
import { ScriptedServer } from '../testing/scripted-server.fixture.js';
import { LLAMA_CPP, LM_STUDIO, type LocalServer, OLLAMA, serverURL } from './local-server.js';

class HandClock extends Clock {
  time = 1_000_000;
  now = () => this.time;
  sleep = async () => undefined;
}

describe('what a server on this machine answers', () => {
  const idsOf = (server: LocalServer, body: unknown, headers = {}) =>
    server.read(body, new Headers(headers))?.map(({ id }) => id);

  it.each<[string, LocalServer, unknown, Record<string, string>, string[] | undefined]>([
    ['Ollama', OLLAMA, { models: [{ name: 'qwen3:8b' }, { name: 'nomic-embed-text' }] }, {}, ['qwen3:8b']],
    ['something else on its port', OLLAMA, 'Hello', {}, undefined],
    ['LM Studio', LM_STUDIO, { data: [{ id: 'a' }, { id: 'text-embedding-b' }, 7] }, {}, ['a']],
    ['llama.cpp', LLAMA_CPP, { data: [{ id: 'a.gguf', owned_by: 'llamacpp' }] }, {}, ['a.gguf']],
    ['llama.cpp by its header', LLAMA_CPP, { data: [{ id: 'a' }] }, { server: 'llama.cpp' }, ['a']],
    ['another OpenAI-like server on 8080', LLAMA_CPP, { data: [{ id: 'a', owned_by: 'vllm' }] }, {}, undefined],
  ])('%s', (_, server, body, headers, expected) => {
    expect(idsOf(server, body, headers)).toEqual(expected);
  });

  it('says how much fits into a model', () => {
    const body = { data: [{ id: 'a', owned_by: 'llamacpp', meta: { n_ctx: 4096 } }] };
    expect(LLAMA_CPP.read(body, new Headers())).toEqual([{ id: 'a', context: 4096 }]);
  });
});

it.each([
  ['box', 'http://box:11434/v1'],
  ['box:99', 'http://box:99/v1'],
  ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
  ['http://0.0.0.0:99', 'http://127.0.0.1:99/v1'],
  ['https://box.test/', 'https://box.test/v1'],
  ['http://box:99/custom/', 'http://box:99/custom'],
  ['http://', undefined],
])('the address %s is %s', (written, expected) => {
  expect(serverURL(written, OLLAMA)).toBe(expected);
});

describe('local providers', () => {
  it('are offered while they run, and spoken to as OpenAI-compatible', async () => {
    await using server = await ScriptedServer.start();
    server.json({ models: [{ name: 'qwen3:8b' }] });
    const clock = new HandClock();
    const variables = { OLLAMA_HOST: server.url };
    const config = { disabled_providers: ['lmstudio', 'llamacpp'] };
    await using world = await startProviders({ localModels: true, variables, clock, config });
    const { providers, instance } = world;
    const ids = async () => (await providers.configured(instance)).providers.map(({ id }) => id);
    expect(await ids()).toEqual(['ollama', 'offline']);
    expect(await providers.defaultModel(instance)).toEqual({ providerID: 'ollama', modelID: 'qwen3:8b' });
    const model = await providers.model(instance, { providerID: 'ollama', modelID: 'qwen3:8b' });
    expect(model.api).toMatchObject({ url: `${server.url}/v1` });
    expect(await providers.smallModel(instance, model)).toBe(model);
    const language = await providers.languageModel(instance, model);
    server.events([
      { id: 'c', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] },
    ]);
    await language.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] });
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/tags', '/v1/chat/completions']);

    // asked again only after a while, and then in the background
    server.json({ models: [] });
    expect(await ids()).toEqual(['ollama', 'offline']);
    clock.time += 31_000;
    expect(await ids()).toEqual(['ollama', 'offline']);
    for (let turn = 0; turn < 100 && (await ids()).length > 1; turn++) await new Promise((done) => setTimeout(done, 5));
    expect(await ids()).toEqual(['offline']);
    expect(server.requests).toHaveLength(3);
  });

  it('take their address from the configuration', async () => {
    await using server = await ScriptedServer.start();
    server.json({ data: [{ id: 'gemma' }] });
    const provider = { lmstudio: { options: { baseURL: `${server.url}/v1` } } };
    await using world = await startProviders({
      localModels: true,
      config: { provider, enabled_providers: ['lmstudio'] },
    });
    const { providers } = await world.providers.configured(world.instance);
    expect(providers).toMatchObject([{ id: 'lmstudio', source: 'config', models: { gemma: {} } }]);
  });

  it.each([{ localModels: false }, { localModels: true, variables: { OPENCODE_DISABLE_LOCAL_MODELS: '1' } }])(
    'can be switched off: %j',
    async (off) => {
      await using server = await ScriptedServer.start();
      await using world = await startProviders({ ...off, variables: { ...off.variables, OLLAMA_HOST: server.url } });
      await world.providers.configured(world.instance);
      expect(server.requests).toEqual([]);
    },
  );
});
