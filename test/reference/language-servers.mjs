// Tries real language servers with the built server: each is started in a project of its own, hears of a change that
// breaks a file and of one that mends it, is asked everything that the lsp tool can ask, and has to be gone afterwards.
// Not part of the test run, because it installs some 500 MB. See ../README.md.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CASES } from './language-server-cases.mjs';
import { built, temporaryHome } from './stage.mjs';
import { Side } from './side.mjs';

/** Milliseconds npm may take for all packages, a server to start, and processes to end. */
const INSTALL_LIMIT = 600_000;
const START_LIMIT = 60_000;
const END_LIMIT = 10_000;
/** Every process of a case has this in its environment. */
const MARK = 'LANGUAGE_SERVER_CASE';

/** Where compilers are, that servers start. */
const TOOLCHAINS = ['RUSTUP_HOME', 'CARGO_HOME', 'GOROOT', 'JAVA_HOME'];

const { ScriptedModel } = await built('src/testing.js');
const { CODE_QUERIES } = await built('libs/lsp/src/index.js');
await using model = await ScriptedModel.start();
const wanted = process.argv.slice(2);
const cases = CASES.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const { OPENCODE_LANGUAGE_SERVERS: given } = process.env;
const packages = given ?? (await temporaryHome());

async function until(condition, limit) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function install() {
  await mkdir(packages, { recursive: true });
  await writeFile(join(packages, 'package.json'), '{ "private": true }\n');
  const names = [...new Set(cases.flatMap(({ npm = [] }) => npm))];
  if (names.length === 0) return;
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...names];
  await promisify(execFile)('npm', args, { cwd: packages, timeout: INSTALL_LIMIT });
}

/** Ids of the processes that were started for a case, the server itself not among them. */
async function processesOf(id, server) {
  const found = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`${MARK}=${id}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command !== '' && !command.includes(server)) found.push(command.replaceAll('\0', ' ').trim());
  }
  return found;
}

const call = (tool, input) => ({ tool, input });

/** What became of the last of some calls, and how long all of them took. */
async function play(side, ...calls) {
  const start = performance.now();
  const { calls: results } = await side.play(calls);
  return { ...results.at(-1), took: Math.round(performance.now() - start) };
}

/** Tries one server; resolves to a row of the table, with the problems that were found. */
async function attempt({ id, config, files, file, change, says, warms = 0, at, answers = '', symbol }) {
  const problems = [];
  const row = { id };
  const others = (await built('libs/contract/src/index.js')).LANGUAGE_SERVER_IDS.filter((other) => other !== id);
  const lsp = Object.fromEntries(others.map((other) => [other, { disabled: true }]));
  const side = await Side.start({
    name: 'this',
    model,
    files,
    config: { formatter: false, lsp: { ...lsp, ...(config && { [id]: config }) } },
    prepare: async (project) => {
      if (files['package.json']) await symlink(join(packages, 'node_modules'), project.path('node_modules'));
    },
    variables: (own) => ({
      ...own,
      OPENCODE_EXPERIMENTAL_LSP_TOOL: '1',
      PATH: [join(packages, 'node_modules/.bin'), own.PATH].join(delimiter),
      [MARK]: id,
      // the home is another one
      ...Object.fromEntries(TOOLCHAINS.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    }),
  });
  try {
    const filePath = `$PROJECT/${file}`;
    const started = performance.now();
    await play(side, call('read', { filePath }));
    const connected = await until(async () => (await side.request('/lsp')).length > 0, START_LIMIT);
    const servers = await side.request('/lsp');
    row.start = Math.round(performance.now() - started);
    if (!connected || servers[0].status !== 'connected') {
      problems.push(`is not connected: ${JSON.stringify(servers)}`);
      return { row, problems };
    }
    row.root = servers[0].root || '.';
    await new Promise((resolve) => setTimeout(resolve, warms));
    const steps = { cold: change, mended: [...change].reverse(), broken: change, again: [...change].reverse() };
    for (const [name, [oldString, newString]] of Object.entries(steps)) {
      const edited = await play(side, call('read', { filePath }), call('edit', { filePath, oldString, newString }));
      if (edited.status !== 'completed') problems.push(`${name}: ${edited.error}`);
      const own = edited.metadata?.diagnostics?.[filePath] ?? [];
      const said = says !== undefined && own.some(({ message }) => says.test(message));
      row[name] = `${edited.took}${said ? ' !' : ''}`;
      // one that was just started may take longer than a tool waits
      if (says !== undefined && name !== 'cold' && said !== (oldString === change[0]))
        problems.push(`${name}: diagnostics are ${JSON.stringify(own.map(({ message }) => message))}`);
    }
    if (at) {
      const expected = answers.split(' ');
      for (const operation of CODE_QUERIES) {
        const [line, character] = at;
        const result = await play(side, call('lsp', { operation, filePath, line, character }));
        const count = result.metadata?.result?.length ?? 0;
        row[operation.replace(/^(goTo|find|prepare)/, '')] = result.error ? 'error' : count || '';
        if (count === 0 && expected.includes(operation)) problems.push(`${operation}: ${result.error ?? 'nothing'}`);
      }
    }
    if (symbol) {
      const found = await side.request(`/find/symbol?query=${symbol}`);
      row.symbols = found.length;
      if (!found.some(({ name }) => name === symbol)) problems.push(`/find/symbol does not find ${symbol}`);
    }
    row.processes = (await processesOf(id, 'dist/src/main.js')).length;
    await side.request('/instance/dispose', {});
    if (!(await until(async () => (await processesOf(id, 'dist/src/main.js')).length === 0, END_LIMIT)))
      problems.push(`is still there: ${await processesOf(id, 'dist/src/main.js')}`);
    return { row, problems };
  } finally {
    await side.stop();
  }
}

const failures = [];
try {
  if (given === undefined) await install();
  const rows = [];
  for (const one of cases) {
    const { row, problems } = await attempt(one).catch((error) => ({ row: { id: one.id }, problems: [String(error)] }));
    rows.push(row);
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${one.id}`);
    for (const problem of problems) console.log(`       ${problem}`);
    if (problems.length > 0) failures.push(one.id);
  }
  console.table(rows);
} finally {
  if (given === undefined) await rm(packages, { recursive: true, force: true, maxRetries: 3 });
}
console.log(failures.length === 0 ? '\nAll servers work.' : `\n${failures.length} servers failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;
