import { Module } from '@nestjs/common';
import type { Config } from '#libs/contract';
import { ProviderLoginSource, type ProviderLoginSourceHandler } from '#libs/extension';
import { InstanceState } from '#libs/instance';
import { AcmeLogin, AcmeLoginModule } from '../testing/login.fixture.js';
import { startProviders } from '../testing/provider.fixture.js';

const config: Config = { provider: { acme: { models: { m: {} } } } };
const login = { type: 'oauth' as const, access: 'a', refresh: 'r', expires: 1 };
type World = Awaited<ReturnType<typeof startProviders>>;

let world: World;
let acme: AcmeLogin;
beforeEach(async () => {
  world = await startProviders({ config, imports: [AcmeLoginModule] });
  acme = world.get(AcmeLogin);
});
afterEach(() => world[Symbol.asyncDispose]());

const authorize = (index: number, id = 'acme') => world.logins.authorize(world.instance, id, index);
const callback = (code?: string, id = 'acme') => world.logins.callback(world.instance, id, code);

describe('logins', () => {
  it('are listed by provider, in their order', async () => {
    expect((await world.logins.methods(world.instance))['acme']).toEqual([
      { type: 'oauth', label: 'Code' },
      { type: 'oauth', label: 'Wait' },
      { type: 'api', label: 'Key' },
      { type: 'oauth', label: 'Broken' },
    ]);
  });

  it('with a code store what the code is worth; a wrong one can be given again', async () => {
    expect(await authorize(0)).toEqual({
      url: 'https://acme.test/login',
      method: 'code',
      instructions: 'Paste the code',
    });
    await expect(callback()).rejects.toMatchObject({
      name: 'ProviderAuthOauthCodeMissing',
      data: { providerID: 'acme' },
    });
    await expect(callback('wrong')).rejects.toMatchObject({ name: 'ProviderAuthOauthCallbackFailed' });
    expect(await world.credentials.find('acme')).toBeUndefined();
    await callback('right');
    expect(await world.credentials.find('acme')).toMatchObject({ type: 'oauth', access: 'code' });
    await expect(callback('right')).rejects.toMatchObject({ name: 'ProviderAuthOauthMissing' });
    expect(acme.requests[0]?.signal.aborted).toBe(true);
  });

  it('that wait store what comes, for the provider that it is for', async () => {
    await authorize(1);
    const both = [callback(), callback()];
    acme.ended.resolve({ provider: 'acme-enterprise', credential: { type: 'api', key: 'k' } });
    await Promise.all(both);
    expect(await world.credentials.find('acme-enterprise')).toEqual({ type: 'api', key: 'k' });
    expect(await world.credentials.find('acme')).toBeUndefined();
  });

  it.each<[string, () => void | Promise<unknown>, RegExp]>([
    ['fail', () => acme.ended.reject(new Error('Login cancelled')), /Login cancelled/],
    ['are refused', () => acme.ended.resolve(undefined), /refused/],
    ['are begun anew', () => authorize(1), /another login/],
    ['lose their project', () => InstanceState.disposeAll(world.instance), /project was closed/],
  ])('that %s end the wait', async (_, end, message) => {
    await authorize(1);
    const { signal } = acme.requests[0]!;
    const failed = callback().catch((error: unknown) => error);
    await Promise.resolve();
    await end();
    expect(await failed).toMatchObject({
      name: 'ProviderAuthOauthCallbackFailed',
      status: 502,
      message: expect.stringMatching(message),
    });
    expect(signal.aborted).toBe(true);
  });

  it('that are begun at the same time end but for one', async () => {
    await Promise.all([authorize(0), authorize(0)]);
    expect(acme.requests.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
    await callback('right');
    expect(acme.requests.filter(({ signal }) => !signal.aborted)).toEqual([]);
  });

  it('that do not exist are refused with those that do', async () => {
    await expect(authorize(9)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('0 (Code)') });
    await expect(authorize(0, 'nope')).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('/auth/nope'),
    });
    await expect(callback('x', 'nope')).rejects.toMatchObject({ name: 'ProviderAuthOauthMissing' });
    await expect(authorize(3)).rejects.toMatchObject({ status: 502, message: expect.stringContaining('no way in') });
    expect(await authorize(2)).toBeUndefined();
  });

  it('give their options to the provider as soon as something is stored, and no longer than that', async () => {
    const options = async () => (await world.providers.find(world.instance, 'acme'))?.options;
    expect(await options()).toEqual({});
    await world.credentials.set('acme', login);
    expect(await options()).toEqual({ apiKey: 'a', region: 'eu' });
    await world.credentials.set('acme', { ...login, access: 'b' });
    expect(await options()).toEqual({ apiKey: 'b', region: 'eu' });
    await world.credentials.remove('acme');
    expect(await options()).toEqual({});
  });
});

@ProviderLoginSource({ order: 1 })
class BrokenSource implements ProviderLoginSourceHandler {
  readonly specificationVersion: ProviderLoginSourceHandler['specificationVersion'] = 'provider-login-v1';
  logins(): never {
    throw new Error('broken');
  }
}
@ProviderLoginSource()
class OldSource extends BrokenSource {
  override readonly specificationVersion = 'provider-login-v0' as never;
}
@Module({ providers: [BrokenSource] })
class BrokenModule {}
@Module({ providers: [OldSource] })
class OldModule {}

it('a source that fails takes no other along', async () => {
  await using other = await startProviders({ imports: [BrokenModule, AcmeLoginModule] });
  expect(await other.logins.methods(other.instance)).toHaveProperty('acme');
});

it('a source of another interface ends the boot with the fix', async () => {
  await expect(startProviders({ imports: [OldModule] })).rejects.toThrow(/OldSource implements .*"provider-login-v0"/);
});
