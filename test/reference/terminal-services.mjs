// What the unmodified terminal client of the reference shows of MCP servers, language servers and formatters of the built
// server. Not part of the test run, because the client is a large download and needs a terminal. See ../README.md.
import { rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { OAuthMcpServer } from '../helpers/oauth-mcp-server.ts';
import { built, checks, environment, startServer, temporaryHome } from './stage.mjs';
import { pause, TerminalClient } from './terminal-client.mjs';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
const every = { type: 'local', command: [process.execPath, everything] };

const { reply, scriptedProvider, ScriptedModel, TemporaryProject } = await built('src/testing.js');
const home = await temporaryHome();
const login = await OAuthMcpServer.start();
await using model = await ScriptedModel.start();
await using project = await TemporaryProject.create({
  git: true,
  files: { 'a.ts': 'export const a: number = 1;\n', 'package.json': '{}', 'tsconfig.json': '{}', '.gitignore': '*\n' },
  config: {
    ...scriptedProvider(model),
    mcp: {
      every,
      off: { ...every, enabled: false },
      bad: { type: 'local', command: ['/no/such/program'] },
      login: { type: 'remote', url: login.url },
    },
    formatter: { mine: { command: ['sh', '-c', 'echo "// formatted" >> "$1"', 'sh', '$FILE'], extensions: ['.ts'] } },
  },
});
await symlink(PACKAGES, project.path('node_modules'));
const server = await startServer(project.directory, environment(home, 'server'));
const { check, conclude } = checks(model);
const client = await TerminalClient.start({ home, server, project });
const { keys, type, prompt, shows, call, execute, idle } = client;
const statusOf = async (name) => (await call('/mcp'))[name].status;
const said = () => JSON.stringify(model.requests.at(-1).body.messages);

try {
  await check('tells of a login that is needed', async () => {
    await shows('MCP Authentication Required');
    await shows('opencode mcp auth');
  });

  await check('counts MCP servers that are connected', () => shows(/1 MCP/));

  await check('shows MCP servers, and switches them', async (expect) => {
    await execute('mcp.list');
    for (const line of [/bad\s+failed/, /every\s+connected/, /login\s+needs_auth/, /off\s+disabled/]) await shows(line);
    // they stand in the order of their names
    await keys('Down', 'Space');
    await shows(/every\s+disabled/);
    expect(await statusOf('every'), 'disabled');
    await keys('Space');
    await shows(/every\s+connected/);
    expect(await statusOf('every'), 'connected');
    await keys('Down', 'Down', 'Space');
    await shows(/off\s+connected/);
    await keys('Space');
    await shows(/off\s+disabled/);
    await keys('Escape');
    await shows('needs_auth', false);
  });

  await check('says what is the matter, and which formatters there are', async () => {
    await execute('opencode.status');
    for (const line of ['4 MCP Servers', /bad\b.*ENOENT/, /every\s+Connected/, /login\s+Needs auth/, /Formatter/])
      await shows(line);
    await keys('Escape');
    await shows('4 MCP Servers', false);
  });

  await check('lists a prompt of an MCP server, and runs it', async (expect) => {
    await type('/every:args');
    await shows(/every:args-prompt/);
    await keys('Tab');
    model.push(reply().text('A rainy day.'));
    await prompt('Berlin Mitte');
    await shows('A rainy day.');
    expect(said(), /Berlin[^"]*Mitte/);
    await idle();
  });

  await check('attaches a resource of an MCP server', async (expect) => {
    await type('Read @features.md');
    await shows(/features\.md \(demo:/);
    await keys('Enter');
    model.push(reply().text('It has many features.'));
    await keys('Enter');
    await shows('It has many features.');
    expect(said(), /Reading MCP resource: features\.md/);
    expect(said(), /Features/);
    await idle();
  });

  await check('shows calls of MCP tools', async (expect) => {
    model.push(reply().tool('every_echo', { message: 'from far' }), reply().text('It echoed.'));
    await prompt('Echo');
    await shows(/every_echo/);
    await shows('It echoed.');
    expect(said(), /Echo: from far/);
    await idle();
  });

  await check('shows language servers, and what they find below an edit, which is formatted', async (expect) => {
    const filePath = project.path('a.ts');
    model.push(reply().tool('read', { filePath }), reply().text('I read it.'));
    await prompt('Read it');
    await shows('I read it.');
    await shows(/LSP[^]*• typescript/);
    await idle();
    await pause(3_000);
    model.push(reply().tool('edit', { filePath, oldString: '= 1', newString: "= 'x'" }), reply().text('I broke it.'));
    await prompt('Break it');
    await shows('I broke it.');
    await shows("Type 'string' is not assignable to type 'number'");
    await shows(/\+ \/\/ formatted/);
    expect(await project.read('a.ts'), "export const a: number = 'x';\n// formatted\n");
    await idle();
  });
} finally {
  await client.stop();
  await server.stop();
  await login.close();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
conclude();
