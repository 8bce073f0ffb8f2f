import { rgPath } from '@vscode/ripgrep';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { Client } from './client.mjs';
import { cpuOf, memoryOf } from './machine.mjs';

/** Milliseconds until a server must listen. */
const START_LIMIT = 60_000;
/** Milliseconds a server may take to end after it was asked to. */
const STOP_LIMIT = 10_000;
/** Milliseconds after which a server is ended in any case. */
const LIFE_LIMIT = 600_000;
const LISTENING = /^opencode server listening on (\S+)$/m;

/** A server to measure, in a process of its own. */
export class ServerProcess {
  #child;
  #ended;
  #lifetime;
  #client;

  constructor(child, began, siblings) {
    this.#child = child;
    this.began = began;
    this.#lifetime = setTimeout(() => child.kill('SIGKILL'), LIFE_LIMIT);
    siblings.add(this);
    this.#ended = new Promise((resolve) => {
      const end = () => {
        clearTimeout(this.#lifetime);
        siblings.delete(this);
        resolve();
      };
      child.once('close', end).once('error', end);
    });
  }

  /** Resolves when the server has said where it listens. */
  static async start({ command, args }, home, directory, siblings) {
    const port = await freePort();
    const words = [...args, 'serve', '--hostname', '127.0.0.1', '--port', String(port)];
    const began = performance.now();
    const child = spawn(command, words, { cwd: directory, env: variables(home), stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child, began, siblings);
    try {
      const url = await listening(child);
      /** Milliseconds from the start of the process to the line that says it listens. */
      server.startTime = performance.now() - began;
      server.#client = new Client(url, directory);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** @returns {Client} */
  get client() {
    return this.#client;
  }

  /** CPU milliseconds so far. */
  cpu() {
    return cpuOf(this.#child.pid);
  }

  memory() {
    return memoryOf(this.#child.pid);
  }

  /** Wall and CPU milliseconds of the server while a body runs. */
  async measure(body) {
    const cpu = await this.cpu();
    const began = performance.now();
    const result = await body();
    const wall = performance.now() - began;
    const after = await this.cpu();
    return { result, wall, cpu: cpu === undefined || after === undefined ? undefined : after - cpu };
  }

  async stop() {
    this.#client?.close();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT);
      await this.#ended;
      clearTimeout(timer);
    }
    await this.#ended;
  }
}

/** Variables that keep a server away from the settings of the machine and from the network. */
function variables(home) {
  return {
    // the reference looks there for ripgrep, and would download it
    PATH: [process.env.PATH, dirname(rgPath)].filter(Boolean).join(delimiter),
    ...(process.env.TMPDIR && { TMPDIR: process.env.TMPDIR }),
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    SHELL: '/bin/sh',
    GIT_CONFIG_NOSYSTEM: '1',
    OPENCODE_TEST_MANAGED_CONFIG_DIR: join(home, 'managed'),
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
  };
}

/** Both servers have their own ideas of port 0, so a free one is named. */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    let complained = '';
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Error(`${child.spawnfile} ${why}\n${said}${complained}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${START_LIMIT} ms`), START_LIMIT);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      const url = LISTENING.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (complained += text));
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.once('close', (code, signal) => fail(`ended with ${code ?? signal}`));
  });
}
