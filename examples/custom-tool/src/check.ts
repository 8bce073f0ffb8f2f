import 'reflect-metadata';
import {
  plain,
  reply,
  ScriptedModel,
  TemporaryProject,
  TestServer,
  toolContract,
  toolSourceContract,
} from 'opencode-nest/testing';
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { HandbookSearch } from './handbook-search.js';
import { DiceTool, Runbooks, ToolsModule } from './tools.module.js';

toolContract('dice', async () => ({ tool: new DiceTool(), input: { sides: 20 }, failing: { sides: 1 } }), {
  describe,
  it,
});

toolSourceContract('runbooks', async () => ({ source: new Runbooks(), examples: { runbook_restart: {} } }), {
  describe,
  it,
});

test('the model is offered the tools, and their results reach it', async () => {
  await using model = await ScriptedModel.start();
  await using project = await TemporaryProject.create({ model });
  await using server = await TestServer.start({ imports: [ToolsModule] });
  model.push(reply().tool('dice', { sides: 2 }).tool('runbook_restart', {}), reply().text('Done.'));

  const { directory } = project;
  const { body: session } = await server.request('/session', { directory, json: {} });
  const parts = [{ type: 'text', text: 'Roll, then restart' }];
  await server.request(`/session/${session.id}/message`, { directory, json: { parts } });

  const [first, second] = model.requests;
  assert.ok(['dice', 'runbook_restart', 'runbook_restore'].every((id) => first!.tools.includes(id)));
  const results = second!.body.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
  assert.match(String(results[0]), /^[12]$/);
  assert.equal(results[1], 'Drain, restart, check /health.');
});

test('searches go to the service of the host', async () => {
  await using model = await ScriptedModel.start();
  await using project = await TemporaryProject.create({ model });
  await using server = await TestServer.start({ searchService: new HandbookSearch() });
  model.push(
    reply().tool('websearch', { query: 'deploying' }).tool('codesearch', { query: 'deploy' }),
    reply().text('Done.'),
  );

  const { directory } = project;
  const { body: session } = await server.request('/session', { directory, json: {} });
  const parts = [{ type: 'text', text: 'How do we deploy?' }];
  await server.request(`/session/${session.id}/message`, { directory, json: { parts } });

  const results = model.requests[1]!.body.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
  assert.equal(results[0], '# Deploying\n\nPush to main; the pipeline deploys.');
  assert.equal(results[1], 'Error: There is no index of code; use grep.');
});

test('a person has the runbooks as slash commands', async () => {
  await using model = await ScriptedModel.start();
  await using project = await TemporaryProject.create({ model });
  await using server = await TestServer.start({ imports: [ToolsModule] });
  model.push(reply().text('First drain it.'));
  const { directory } = project;
  const { body: session } = await server.request('/session', { directory, json: {} });
  const json = { command: 'restart', arguments: 'the shop' };
  await server.request(`/session/${session.id}/command`, { directory, json });
  const asked = model.requests.at(-1)!.body.messages.map(({ content }) => plain(content));
  assert.ok(asked.includes('Guide me through these steps for the shop: Drain, restart, check /health.'));
});
