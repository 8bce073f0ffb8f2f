import 'reflect-metadata';
import { modelProviderContract, TestServer } from 'opencode-nest/testing';
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { EchoProvider, EchoProviderModule } from './echo-provider.module.js';

modelProviderContract('Echo', async () => ({ id: 'echo', provider: new EchoProvider(), context: { key: 'any' } }), {
  describe,
  it,
});

test('the provider is listed and answers', async () => {
  await using server = await TestServer.start({ imports: [EchoProviderModule], variables: { ECHO_KEY: 'any' } });
  const { body: listed } = await server.request('/config/providers');
  assert.deepEqual(
    listed.providers.map(({ id }: { id: string }) => id),
    ['echo', 'offline'],
  );
  const { body: session } = await server.request('/session', { json: {} });
  const { body: answer } = await server.request(`/session/${session.id}/message`, {
    json: { model: { providerID: 'echo', modelID: 'loud' }, parts: [{ type: 'text', text: 'hello' }] },
  });
  assert.equal(answer.parts.find(({ type }: { type: string }) => type === 'text').text, 'HELLO');
});

test('without a key it has no models', async () => {
  await using server = await TestServer.start({ imports: [EchoProviderModule] });
  const { body } = await server.request('/config/providers');
  assert.ok(!body.providers.some(({ id }: { id: string }) => id === 'echo'));
});

test('a login gives it its key', async () => {
  await using server = await TestServer.start({ imports: [EchoProviderModule] });
  const login = '/provider/echo/oauth';
  const begun = await server.request(`${login}/authorize`, { json: { method: 0 } });
  assert.equal(begun.body.instructions, 'Call into the valley.');
  const refused = await server.request(`${login}/callback`, { json: { method: 0, code: 'holla' } });
  assert.notEqual(refused.status, 200);
  await server.request(`${login}/authorize`, { json: { method: 0 } });
  assert.equal((await server.request(`${login}/callback`, { json: { method: 0, code: 'echo' } })).status, 200);
  const { body } = await server.request('/config/providers');
  assert.ok(body.providers.some(({ id }: { id: string }) => id === 'echo'));
});
