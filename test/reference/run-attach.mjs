// Drives the built server with the unmodified reference client: `opencode run --attach`. Not part of the test run,
// because the client is a large download. See ../README.md.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { built, checks, environment, reference, startServer, temporaryHome } from './stage.mjs';

/** Milliseconds one run of the client may take. */
const PATIENCE = 60_000;

const { reply, scriptedProvider, ScriptedModel, TemporaryProject } = await built('src/testing.js');
const client = await reference();
const home = await temporaryHome();

await using model = await ScriptedModel.start();
await using project = await TemporaryProject.create({
  git: true,
  files: { 'a.txt': 'hello\n' },
  config: { ...scriptedProvider(model), permission: { bash: { '*': 'allow', 'rm *': 'ask' } } },
});
const server = await startServer(project.directory, environment(home, 'server'));
const { check, conclude } = checks(model);
try {
  await check('prints the version it was made for', async (expect) => {
    const { stdout } = await run('--version');
    expect(stdout.trim(), '1.2.6');
  });

  await check('prints the answer', async (expect) => {
    model.push(reply().text('Hello from ', 'the script.'));
    const { code, stdout } = await attached('Say hello');
    expect(code, 0);
    expect(stdout, /^Hello from the script\.$/m);
    expect((await sessions())[0]?.permission, undefined, 'different');
  });

  await check('prints a line for a tool, and the answer after it', async (expect) => {
    model.push(reply().tool('read', { filePath: project.path('a.txt') }), reply().text('It says hello.'));
    const { code, stdout, stderr } = await attached('What does a.txt say?');
    expect(code, 0);
    expect(stdout + stderr, /Read a\.txt/);
    expect(stdout, /^It says hello\.$/m);
  });

  await check('prints events as JSON lines', async (expect) => {
    model.push(
      reply().text('Look.').tool('bash', { command: 'echo ran', description: 'echoes' }),
      reply().text('Done.'),
    );
    const { code, stdout } = await attached('--format', 'json', 'Run it');
    expect(code, 0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const types = lines.map(({ type }) => type).join(' ');
    expect(types, 'step_start text tool_use step_finish step_start text step_finish');
    expect(new Set(lines.map(({ sessionID }) => sessionID)).size, 1);
    const call = lines.find(({ type }) => type === 'tool_use').part;
    expect([call.tool, call.state.status, call.state.output].join(' '), 'bash completed ran\n');
    expect(lines.flatMap(({ part }) => (part.type === 'text' ? [part.text] : [])).join(' '), 'Look. Done.');
  });

  await check('rejects a permission request by itself, and the run ends', async (expect) => {
    model.push(reply().tool('bash', { command: 'rm -f a.txt', description: 'removes' }));
    const { code, stdout, stderr } = await attached('Remove it');
    expect(code, 0);
    expect(stdout + stderr, /permission requested: bash \(rm -f a\.txt\); auto-rejecting/);
    expect(await project.read('a.txt'), 'hello\n');
    const [{ id }] = await sessions();
    const last = (await call(`/session/${id}/message`)).at(-1);
    expect(last.parts.find(({ type }) => type === 'tool').state.status, 'error');
    expect((await call('/permission')).length, 0);
    expect(Object.keys(await call('/session/status')).length, 0);
  });

  await check('goes on with the newest session', async (expect) => {
    model.push(reply().text('First.'), reply().text('Second.'));
    await attached('--title', 'Continued', 'one');
    const [{ id, title }] = await sessions();
    expect(title, 'Continued');
    const { code, stdout } = await attached('--continue', 'two');
    expect(code, 0);
    expect(stdout, /^Second\.$/m);
    expect((await sessions())[0].id, id);
    expect((await call(`/session/${id}/message`)).length, 4);
  });

  await check('sends a file', async (expect) => {
    model.push(reply().text('Seen.'));
    const { code, stdout } = await attached('What is this?', '--file', project.path('a.txt'));
    expect(code, 0);
    expect(stdout, /^Seen\.$/m);
    expect(JSON.stringify(model.requests.at(-1).body.messages), /hello/);
  });

  await check('prints the error of a provider', async (expect) => {
    model.push(reply().fail(401, 'this key is wrong'));
    const { stdout, stderr } = await attached('Hello');
    expect(stdout + stderr, /this key is wrong/);
  });
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
conclude();

/** Runs the client against the server. */
function attached(...args) {
  return run('run', '--attach', server.url, ...args);
}

async function run(...args) {
  const child = spawn(client, args, {
    cwd: project.directory,
    env: environment(home, 'client'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (...end) => resolve(end));
  });
  clearTimeout(timer);
  if (signal) throw new Error(`The client took too long.\n${stdout}${stderr}`);
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

/** Without colours. */
function plain(text) {
  // eslint-disable-next-line no-control-regex -- colours are control sequences
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

async function call(path) {
  const response = await fetch(server.url + path, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function sessions() {
  return call('/session');
}
