import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedModel, TemporaryProject } from '../dist/src/testing.js';
import { ServerProcess } from './server-process.mjs';

/** The scripted model and the processes of one run of the benchmarks. */
export class Bench {
  #servers = new Set();
  #stopped;

  constructor(model) {
    this.model = model;
  }

  static async open() {
    return new Bench(await ScriptedModel.start());
  }

  /** What a scenario gets. */
  seat(candidate) {
    return new Seat(this, candidate);
  }

  async startServer(candidate, { home, project }) {
    if (this.#stopped) throw new Error(`Stopped by ${this.#stopped}`);
    return ServerProcess.start(candidate, home, project.directory, this.#servers);
  }

  /** Ends the servers; no others are started. */
  async stop(reason) {
    this.#stopped = reason;
    await Promise.all([...this.#servers].map((server) => server.stop()));
  }

  async close() {
    await this.stop('the end');
    await this.model.close();
  }
}

/** One server in one scenario. */
class Seat {
  constructor(bench, candidate) {
    this.bench = bench;
    this.candidate = candidate;
  }

  get model() {
    return this.bench.model;
  }

  /**
   * Runs a body with a home directory and a project of its own; nothing of them is left.
   * @template T
   * @param {(place: { home: string, project: TemporaryProject }) => Promise<T>} body
   * @param {Record<string, string>} [files]
   * @returns {Promise<T>}
   */
  async withPlace(body, files = {}) {
    this.model.clear();
    const home = await newHome();
    await using project = await TemporaryProject.create({ model: this.model, files });
    try {
      return await body({ home, project });
    } finally {
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }

  /**
   * Runs a body with a server that has been started and is stopped at the end.
   * @template T
   * @param {{ home: string, project: TemporaryProject }} place
   * @param {(server: ServerProcess) => Promise<T>} body
   * @returns {Promise<T>}
   */
  async withServer(place, body) {
    const server = await this.bench.startServer(this.candidate, place);
    try {
      return await body(server);
    } finally {
      await server.stop();
    }
  }

  /** Both at once, for scenarios that need one server and nothing special. */
  run(body, files) {
    return this.withPlace((place) => this.withServer(place, (server) => body(server, place.project)), files);
  }
}

async function newHome() {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'opencode-bench-')));
  // The reference installs a package into its configuration folder in the background unless it is there already:
  // work that has nothing to do with what is measured, and that needs a network.
  const folder = join(home, '.config/opencode');
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"dependencies":{"@opencode-ai/plugin":"1.2.6"}}');
  return home;
}
