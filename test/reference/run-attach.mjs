// Drives the built server with the unmodified reference client: `opencode run --attach`. Not part of the test run,
// because the client is a large download. See ../README.md.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const DIST = process.env.OPENCODE_NEST_DIST ?? join(ROOT, 'dist');
const REFERENCE = 'opencode-ai@1.2.6';
/** Milliseconds one run of the client may take. */
const PATIENCE = 60_000;
const DOWNLOAD_PATIENCE = 10 * 60_000;

const { reply, scriptedProvider, ScriptedModel, TemporaryProject } = await built('src/testing.js');
const client = process.env.OPENCODE_REFERENCE_BIN ?? (await install());
const home = await realpath(await mkdtemp(join(tmpdir(), 'opencode-reference-')));
const failures = [];

await using model = await ScriptedModel.start();
await using project = await TemporaryProject.create({
  git: true,
  files: { 'a.txt': 'hello\n' },
  config: { ...scriptedProvider(model), permission: { bash: { '*': 'allow', 'rm *': 'ask' } } },
});
const server = await start();
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
  server.process.kill();
  await server.ended;
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
console.log(failures.length === 0 ? '\nAll checks passed.' : `\n${failures.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Runs one check and reports it; a failed one does not stop the others. */
async function check(name, body) {
  const problems = [];
  const expect = (actual, expected, relation = 'same') => {
    const same = expected instanceof RegExp ? expected.test(actual) : Object.is(actual, expected);
    if (same !== (relation === 'same'))
      problems.push(`expected ${relation === 'same' ? '' : 'not '}${expected}, got ${JSON.stringify(actual)}`);
  };
  model.clear();
  try {
    await body(expect);
    if (model.pending > 0) problems.push(`${model.pending} scripted replies were not asked for`);
  } catch (error) {
    problems.push(String(error));
  }
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems) console.log(`       ${problem}`);
  if (problems.length > 0) failures.push(name);
}

/** Runs the client against the server. */
function attached(...args) {
  return run('run', '--attach', server.url, ...args);
}

async function run(...args) {
  const child = spawn(client, args, {
    cwd: project.directory,
    env: environment('client'),
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

/** Starts the built server in the project and waits for its address. */
async function start() {
  const child = spawn(process.execPath, [join(DIST, 'src/main.js'), 'serve', '--port', 'any'], {
    cwd: project.directory,
    env: environment('server'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The server says nothing: ${output}`)), PATIENCE);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const found = /listening on (\S+)/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
    child.once('close', () => reject(new Error(`The server ended: ${output}`)));
  });
  return { url, process: child, ended };
}

/** A home of its own for each side, and nothing of the machine's settings. */
function environment(side) {
  const own = join(home, side);
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: own,
    XDG_CONFIG_HOME: join(own, '.config'),
    XDG_DATA_HOME: join(own, '.local/share'),
    XDG_STATE_HOME: join(own, '.local/state'),
    XDG_CACHE_HOME: join(own, '.cache'),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_LOCAL_MODELS: '1',
    SHELL: '/bin/sh',
  };
}

async function built(file) {
  const path = join(DIST, file);
  await stat(path).catch(() => {
    throw new Error(`${path} is missing: run "npm run build" first`);
  });
  return import(path);
}

/** The client from the package registry, kept for the next time. */
async function install() {
  const folder = join(ROOT, 'node_modules/.cache/opencode-nest/reference');
  const command = join(folder, 'node_modules/.bin/opencode');
  if (await stat(command).catch(() => undefined)) return command;
  await mkdir(folder, { recursive: true });
  console.log(`Installing ${REFERENCE} …`);
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', REFERENCE];
  await promisify(execFile)('npm', args, { cwd: folder, timeout: DOWNLOAD_PATIENCE });
  return command;
}
