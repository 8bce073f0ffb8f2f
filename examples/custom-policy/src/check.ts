import 'reflect-metadata';
import { plain, reply, ScriptedModel, TemporaryProject, TestServer } from 'opencode-nest/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompanyPolicy, PolicyModule } from './policy.js';

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
