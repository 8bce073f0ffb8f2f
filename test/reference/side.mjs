// One of the two servers that are compared: its project, and what the scripted model does there.
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { built, environment, startServer, temporaryHome } from './stage.mjs';

/** Milliseconds a turn may take. */
const PATIENCE = 60_000;

const { reply, scriptedProvider, TemporaryProject } = await built('src/testing.js');

/** A server with a project of its own, in which every call of a tool asks for leave. */
export class Side {
  /**
   * @param {object} options
   * @param {string} options.name of the side, `this` or `reference`
   * @param {string[]} [options.command] the server; the built one unless it is named
   * @param options.model the scripted model
   * @param {string} [options.modelID] tools depend on it
   * @param {object} options.files of the project
   * @param {object} [options.outside] of a folder beside it
   * @param {object} [options.config] more of its configuration
   * @param {(variables: object) => object} [options.variables] what becomes of the environment
   * @param [options.prepare] gets the project before the server starts
   */
  static async start({
    name,
    command,
    model,
    modelID = 'test',
    files,
    outside = {},
    config,
    variables = (own) => own,
    prepare,
  }) {
    const home = await temporaryHome();
    const own = { ...scriptedProvider(model), permission: { '*': 'ask' }, snapshot: false, ...config };
    own.provider.scripted.models.test.id = modelID;
    const side = new Side();
    side.home = home;
    side.model = model;
    side.project = await TemporaryProject.create({ git: true, files, config: own });
    side.outside = await TemporaryProject.create({ files: outside });
    await prepare?.(side.project);
    const plain = { OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' };
    side.variables = variables({ ...environment(home, name), ...plain });
    side.server = await startServer(side.project.directory, side.variables, command);
    return side;
  }

  /**
   * Lets the model make the calls in a new session; resolves to what became of the last and what was asked for it.
   * @param {string} [folder] of the project, to work in
   */
  async play(calls, folder = '') {
    const ask = (path, json) => this.request(path, json, folder);
    this.model.clear();
    for (const { tool, input } of calls) this.model.push(reply().tool(tool, this.#insert(input)));
    this.model.push(reply().text('Done.'));
    const { id } = await ask('/session', { title: 'Compared' });
    let answered = false;
    const answer = ask(`/session/${id}/message`, { parts: [{ type: 'text', text: 'Go' }] });
    const over = answer.finally(() => (answered = true));
    over.catch(() => undefined);
    let asked = [];
    while (!answered) {
      for (const request of await ask('/permission')) {
        asked.push(request);
        await ask(`/permission/${request.id}/reply`, { reply: 'once' });
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await over;
    const messages = await ask(`/session/${id}/message`);
    const parts = messages.flatMap((message) => message.parts).filter(({ type }) => type === 'tool');
    const last = parts.find((part) => part.messageID === parts.at(-1).messageID);
    asked = asked.filter(({ tool }) => tool?.callID === last.callID);
    return this.plain({
      calls: parts.filter((part) => part.messageID === last.messageID).map(({ tool, state }) => ({ tool, ...state })),
      asked: asked.map(({ permission, patterns, always, metadata }) => ({ permission, patterns, always, metadata })),
    });
  }

  async stop() {
    await this.server.stop();
    await this.project.remove();
    await this.outside.remove();
    await rm(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  async request(path, json, folder) {
    const { status, body } = await this.answer(path, json, undefined, folder);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Status and body, whatever they are. */
  async answer(path, json, method = json ? 'POST' : 'GET', folder = '') {
    const response = await fetch(this.server.url + path, {
      method,
      headers: { 'x-opencode-directory': join(this.project.directory, folder), 'content-type': 'application/json' },
      body: json && JSON.stringify(json),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: response.status, body: await response.json() };
  }

  /** A file of the data directory. */
  dataFile(name) {
    return join(this.variables.XDG_DATA_HOME, 'opencode', name);
  }

  /** Without what differs from run to run. */
  plain(value) {
    const text = JSON.stringify(value)
      .replaceAll(`../${basename(this.outside.directory)}`, '../$OUTSIDE')
      .replaceAll(this.project.directory, '$PROJECT')
      .replaceAll(this.outside.directory, '$OUTSIDE')
      .replaceAll(/\b(ses|msg|prt|tool|call|per)_[0-9A-Za-z]{20,}/g, '$1_…')
      .replaceAll(/"time":\{[^}]*\}/g, '"time":"…"')
      .replaceAll(/\/\S*\/tool-output\//g, '/…/tool-output/');
    return JSON.parse(text);
  }

  /** Puts the paths of this side into a call. */
  #insert(input) {
    const text = JSON.stringify(input);
    return JSON.parse(
      text.replaceAll('$PROJECT', this.project.directory).replaceAll('$OUTSIDE', this.outside.directory),
    );
  }
}

/** What is not the same at both sides, one line for each value. */
export function differences(ours, theirs) {
  const [left, right] = [new Map(leaves(ours)), new Map(leaves(theirs))];
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path));
  return paths.map((path) => `${path}: ${excerpts(left.get(path), right.get(path)).join(', there ')}`);
}

/** Values as JSON; of long texts the place where they part. */
function excerpts(...values) {
  const [left, right] = values.map(String);
  let parting = 0;
  while (parting < left.length && left[parting] === right[parting]) parting++;
  const from = Math.max(0, parting - 40);
  const cut = (value) => (from > 0 ? '…' : '') + value.slice(from, parting + 400);
  const isLong = (value) => typeof value === 'string' && value.length > 400;
  return values.map((value) => JSON.stringify(values.some(isLong) && typeof value === 'string' ? cut(value) : value));
}

/** Paths and values of everything in a value. */
function leaves(value, path = '') {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`));
}

/** Starts both sides, and stops them when the work with them is over. */
export async function withSides(options, work) {
  const sides = [];
  try {
    for (const [name, command] of Object.entries({ this: undefined, reference: options.reference }))
      sides.push(await Side.start({ ...options, name, command }));
    await work(...sides);
  } finally {
    for (const side of sides) await side.stop();
  }
}
