// What the scripts beside this one share: the built server, the reference, and a report of checks.
import { spawn } from 'node:child_process';
import { mkdtemp, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findReference } from '../../bench/candidates.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const DIST = process.env.OPENCODE_NEST_DIST ?? join(ROOT, 'dist');
/** Milliseconds the server may take to say where it listens. */
const PATIENCE = 60_000;

/** A module of the built package. */
export async function built(file) {
  const path = join(DIST, file);
  await stat(path).catch(() => {
    throw new Error(`${path} is missing: run "npm run build" first`);
  });
  return import(path);
}

/** The client and server that everything is compared with: the one that is named, else one that is installed once. */
export const reference = findReference;

export const temporaryHome = async () => realpath(await mkdtemp(join(tmpdir(), 'opencode-reference-')));

/** A home of its own for each side, and nothing of the machine's settings. */
export function environment(home, side) {
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

/**
 * Starts a server in a directory, the built one unless another command is named, and waits for its address. It can be
 * started again at the same one.
 */
export async function startServer(cwd, env, command = [process.execPath, join(DIST, 'src/main.js')]) {
  let running = await launch(cwd, env, await freePort(), command);
  const stop = async () => {
    running.child.kill();
    await running.ended;
  };
  return {
    url: running.url,
    stop,
    restart: async () => {
      await stop();
      running = await launch(cwd, env, new URL(running.url).port, command);
    },
  };
}

/** Both servers have their own ideas of port 0, so a free one is named. */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}

async function launch(cwd, env, port, [program, ...args]) {
  const child = spawn(program, [...args, 'serve', '--port', port], {
    cwd,
    env,
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
  return { url, child, ended };
}

/** Runs checks against a scripted model and reports them; a failed one does not stop the others. */
export function checks(model) {
  const failures = [];
  const check = async (name, body) => {
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
  };
  const conclude = () => {
    console.log(failures.length === 0 ? '\nAll checks passed.' : `\n${failures.length} checks failed.`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  };
  return { check, conclude };
}
