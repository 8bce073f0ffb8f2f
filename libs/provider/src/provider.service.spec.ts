import { Module } from '@nestjs/common';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#libs/contract';
import { type LanguageModelProvider, MODEL_PROVIDER_SPECIFICATION, ModelProvider } from '#libs/extension';
import { AiSdkProviderModule } from './sdk/ai-sdk-provider.module.js';
import { type ProviderFixtureOptions, startProviders } from './testing/provider.fixture.js';

@ModelProvider({ id: 'acme', name: 'Acme', env: ['ACME_KEY'] })
class AcmeProvider implements LanguageModelProvider {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;
  models = async ({ key }: { key?: string }) => (key === undefined ? [] : [{ id: 'acme-1', name: 'Acme 1' }]);
  languageModel = () => Promise.reject(new Error('not here'));
}

@ModelProvider({ id: 'acme', name: 'Other' })
class OtherProvider extends AcmeProvider {}

@ModelProvider({ id: 'old', name: 'Old' })
class OldProvider extends AcmeProvider {
  override readonly specificationVersion = 'model-provider-v0' as never;
}

@Module({ providers: [AcmeProvider] })
class AcmeModule {}
@Module({ providers: [OtherProvider] })
class OtherModule {}
@Module({ providers: [OldProvider] })
class OldModule {}

const mine = (...models: string[]): Config => ({
  provider: {
    mine: { options: { baseURL: 'http://mine.test/v1' }, models: Object.fromEntries(models.map((id) => [id, {}])) },
  },
});

describe('the default model', () => {
  const cases: [string, ProviderFixtureOptions, string][] = [
    ['offline when there is nothing else', {}, 'offline/guide'],
    ['of the configuration, unchecked', { config: { model: 'any/thing/at-all' } }, 'any/thing/at-all'],
    ['of a provider with a key', { variables: { ANTHROPIC_API_KEY: 'k' } }, 'anthropic/claude-sonnet-4-6'],
    [
      'of a provider the configuration names',
      { config: mine('a', 'b'), variables: { ANTHROPIC_API_KEY: 'k' } },
      'mine/b',
    ],
    ['of a provider class', { imports: [AcmeModule], variables: { ACME_KEY: 'k' } }, 'acme/acme-1'],
  ];
  it.each(cases)('%s', async (_, options, expected) => {
    await using world = await startProviders(options);
    const { providerID, modelID } = await world.providers.defaultModel(world.instance);
    expect(`${providerID}/${modelID}`).toBe(expected);
  });

  it('is the one used last, unless that is gone or only the guide', async () => {
    await using world = await startProviders({ config: mine('a', 'b') });
    const { state } = world.environment.paths;
    const recent = (...names: string[]) =>
      writeFile(
        join(state, 'model.json'),
        JSON.stringify({
          recent: names.map((name) => ({ providerID: name.split('/')[0], modelID: name.split('/')[1] })),
        }),
      );
    await recent('offline/guide', 'gone/x', 'mine/a');
    expect(await world.providers.defaultModel(world.instance)).toEqual({ providerID: 'mine', modelID: 'a' });
    await writeFile(join(state, 'model.json'), '{"recent": [null, 7');
    expect(await world.providers.defaultModel(world.instance)).toEqual({ providerID: 'mine', modelID: 'b' });
  });

  it('is missing only when every provider is switched off', async () => {
    await using world = await startProviders({ config: { enabled_providers: [] } });
    await expect(world.providers.defaultModel(world.instance)).rejects.toMatchObject({ status: 400 });
    expect(await world.providers.list(world.instance)).toEqual({ all: [], default: {}, connected: [] });
  });
});

describe('the small model', () => {
  it.each<[string, ProviderFixtureOptions, string, string]>([
    [
      'of the same provider',
      { variables: { ANTHROPIC_API_KEY: 'k' } },
      'anthropic/claude-sonnet-4-6',
      'anthropic/claude-haiku-4-5',
    ],
    ['of the configuration', { config: { ...mine('a'), small_model: 'mine/a' } }, 'offline/guide', 'mine/a'],
    ['itself where there is none', { config: mine('a') }, 'mine/a', 'mine/a'],
    [
      'that of opencode where that is connected',
      { config: { provider: { ...mine('a').provider, opencode: { models: { 'gpt-5-nano': {} } } } } },
      'mine/a',
      'opencode/gpt-5-nano',
    ],
    ['the guide for the guide', { variables: { OPENCODE_API_KEY: 'k' } }, 'offline/guide', 'offline/guide'],
  ])('is %s', async (_, options, name, expected) => {
    await using world = await startProviders(options);
    const [providerID = '', modelID = ''] = name.split('/');
    const model = await world.providers.model(world.instance, { providerID, modelID });
    const small = await world.providers.smallModel(world.instance, model);
    expect(`${small.providerID}/${small.id}`).toBe(expected);
  });
});

describe('an unknown model', () => {
  it.each([
    ['anthropic', 'claude-sonet', /^Model not found: anthropic\/claude-sonet\. Did you mean: claude-sonnet/],
    ['antropic', 'x', /Did you mean: anthropic\?$/],
    ['badformat', '', /^Model not found: badformat\/\.$/],
    ['anthropic', 'constructor', /^Model not found/],
  ])('%s/%s', async (providerID, modelID, message) => {
    await using world = await startProviders({ variables: { ANTHROPIC_API_KEY: 'k' } });
    const error = await world.providers
      .model(world.instance, { providerID, modelID })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ProviderModelNotFoundError',
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(error).toMatchObject({ data: { providerID, modelID, suggestions: expect.any(Array) } });
  });
});

describe('the lists', () => {
  it('hold the whole catalogue, overlaid by what is connected, without secrets', async () => {
    await using world = await startProviders({ variables: { ANTHROPIC_API_KEY: 's3cret' }, config: mine('a') });
    const text = await world.providers.listText(world.instance);
    expect(await world.providers.listText(world.instance)).toBe(text);
    expect(text).not.toContain('s3cret');
    const list = JSON.parse(text);
    expect(list.all.length).toBeGreaterThan(200);
    expect(list.connected).toEqual(['anthropic', 'mine', 'offline']);
    const of = (id: string) => list.all.find((provider: { id: string }) => provider.id === id);
    expect(of('openai')).toMatchObject({ source: 'custom', options: {}, env: ['OPENAI_API_KEY'] });
    expect(of('anthropic')).toMatchObject({ source: 'env' });
    expect(of('mine').models.a).toMatchObject({
      tool_call: true,
      temperature: false,
      capabilities: { toolcall: true },
    });
    expect(of('offline').models.guide).toMatchObject({ name: expect.stringContaining('no language model') });
    expect(list.default).toMatchObject({ anthropic: 'claude-sonnet-4-6', mine: 'a', offline: 'guide' });
    const configured = JSON.parse(await world.providers.configuredText(world.instance));
    expect(configured).toEqual(await world.providers.configured(world.instance));
    expect(configured.providers.map(({ id }: { id: string }) => id)).toEqual(['anthropic', 'mine', 'offline']);
    expect(configured.default).toEqual({ anthropic: 'claude-sonnet-4-6', mine: 'a', offline: 'guide' });
  });

  it('are made from another catalogue, or the built-in one when that is broken', async () => {
    await using world = await startProviders({ variables: { OPENCODE_MODELS_PATH: '/nowhere.json' } });
    const file = join(world.environment.paths.home, 'models.json');
    await writeFile(file, '{"one":{"models":{"m":{},"gone":{"status":"deprecated"}}},"odd":7}');
    await using other = await startProviders({ variables: { OPENCODE_MODELS_PATH: file } });
    const { all } = await other.providers.list(other.instance);
    expect(all.map(({ id }) => id)).toEqual(['one', 'offline']);
    // what is not connected is listed with all it once had
    expect(Object.keys(all[0]?.models ?? {})).toEqual(['m', 'gone']);
    expect((await world.providers.list(world.instance)).all.length).toBeGreaterThan(200);
  });
});

it('one variable may connect several providers', async () => {
  await using world = await startProviders({ variables: { GITHUB_TOKEN: 'k' } });
  const { connected } = await world.providers.list(world.instance);
  expect(connected.filter((id) => id.startsWith('github'))).toEqual(['github-copilot', 'github-copilot-enterprise']);
});

describe('a package', () => {
  it('that nobody has is named, with the way to get it', async () => {
    const config: Config = {
      provider: { far: { npm: '@nobody/has-this', models: { m: {} } }, bad: { npm: '../x', models: { m: {} } } },
    };
    await using world = await startProviders({ config });
    const make = (providerID: string) => world.providers.languageModel(world.instance, { providerID, id: 'm' });
    await expect(make('far')).rejects.toMatchObject({
      name: 'ProviderInitError',
      providerID: 'far',
      message: expect.stringContaining('npm install @nobody/has-this'),
    });
    await expect(make('bad')).rejects.toMatchObject({
      name: 'ProviderInitError',
      message: expect.stringContaining('not the name'),
    });
  });

  it('without an address says how to set it', async () => {
    await using world = await startProviders({ config: { provider: { far: { models: { m: {} } } } } });
    const made = world.providers.languageModel(world.instance, { providerID: 'far', id: 'm' });
    await expect(made).rejects.toMatchObject({ message: expect.stringContaining('provider.far.options.baseURL') });
  });

  it('of a host is registered as those of the server are', async () => {
    const seen: unknown[] = [];
    const own = AiSdkProviderModule.register({
      npm: '@acme/sdk',
      create: (options) => {
        seen.push(options);
        return (modelId) => ({ specificationVersion: 'v4', modelId }) as never;
      },
    });
    const config: Config = {
      provider: {
        acme: {
          npm: '@acme/sdk',
          api: 'https://${ACME_HOST}/${UNSET}',
          options: { apiKey: 'k' },
          models: { m: { id: 'real', headers: { a: 'b' } } },
        },
      },
    };
    await using world = await startProviders({ imports: [own], config, variables: { ACME_HOST: 'acme.test' } });
    const make = () => world.providers.languageModel(world.instance, { providerID: 'acme', id: 'm' });
    expect(await make()).toMatchObject({ modelId: 'real' });
    expect(await make()).toBe(await make());
    expect(seen).toEqual([{ name: 'acme', apiKey: 'k', baseURL: 'https://acme.test/${UNSET}', headers: { a: 'b' } }]);
    const twice = AiSdkProviderModule.register({ npm: '@ai-sdk/openai', create: () => () => undefined as never });
    await expect(startProviders({ imports: [twice] })).rejects.toThrow(/twice for the package @ai-sdk\/openai/);
  });
});

describe('provider classes', () => {
  it('with the same id end the boot with both names', async () => {
    await expect(startProviders({ imports: [AcmeModule, OtherModule] })).rejects.toThrow(
      /"acme": AcmeProvider and OtherProvider/,
    );
  });

  it('of another interface end the boot with the fix', async () => {
    await expect(startProviders({ imports: [OldModule] })).rejects.toThrow(
      /OldProvider implements .*"model-provider-v0"/,
    );
  });

  it('answer for their models', async () => {
    await using world = await startProviders({ imports: [AcmeModule], variables: { ACME_KEY: 'k' } });
    await expect(world.providers.languageModel(world.instance, { providerID: 'acme', id: 'acme-1' })).rejects.toThrow(
      'not here',
    );
    const guide = await world.providers.languageModel(world.instance, { providerID: 'offline', id: 'guide' });
    expect(guide).toMatchObject({ specificationVersion: 'v4', modelId: 'guide' });
  });
});
