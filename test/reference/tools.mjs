// Makes the same calls of tools at the built server and at the reference, and compares what clients see of them: states
// and outputs, and what is asked for. Not part of the test run, because the reference is a large download. See
// ../README.md.
import { rm } from 'node:fs/promises';
import { basename, delimiter, dirname } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { CALLS, FILES, OUTSIDE } from './tool-calls.mjs';
import { built, checks, environment, reference, startServer, temporaryHome } from './stage.mjs';

/** Milliseconds a turn may take. */
const PATIENCE = 30_000;

const { reply, scriptedProvider, ScriptedModel, TemporaryProject } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);

/** A server with a project of its own, in which the scripted model has the given id. */
class Side {
  static async start(name, command, modelID) {
    const home = await temporaryHome();
    const config = { ...scriptedProvider(model), permission: { '*': 'ask' }, experimental: { batch_tool: true } };
    config.provider.scripted.models.test.id = modelID;
    const project = await TemporaryProject.create({ git: true, files: FILES, config: { ...config, snapshot: false } });
    const outside = await TemporaryProject.create({ files: OUTSIDE });
    const env = environment(home, name);
    // the reference looks there for ripgrep, and would download it
    env.PATH = [env.PATH, dirname(rgPath)].join(delimiter);
    const variables = { ...env, OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' };
    const server = await startServer(project.directory, variables, command);
    return Object.assign(new Side(), { home, project, outside, server });
  }

  /** Lets the model make the calls in a new session; resolves to what became of the last and what was asked for it. */
  async play(calls) {
    model.clear();
    for (const { tool, input } of calls) model.push(reply().tool(tool, this.#insert(input)));
    model.push(reply().text('Done.'));
    const { id } = await this.#request('/session', { title: 'Compared' });
    let answered = false;
    const answer = this.#request(`/session/${id}/message`, { parts: [{ type: 'text', text: 'Go' }] });
    const over = answer.finally(() => (answered = true));
    over.catch(() => undefined);
    let asked = [];
    while (!answered) {
      for (const request of await this.#request('/permission')) {
        asked.push(request);
        await this.#request(`/permission/${request.id}/reply`, { reply: 'once' });
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await over;
    const messages = await this.#request(`/session/${id}/message`);
    const parts = messages.flatMap((message) => message.parts).filter(({ type }) => type === 'tool');
    const last = parts.find((part) => part.messageID === parts.at(-1).messageID);
    asked = asked.filter(({ tool }) => tool?.callID === last.callID);
    return this.#plain({
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

  async #request(path, json) {
    const response = await fetch(this.server.url + path, {
      method: json ? 'POST' : 'GET',
      headers: { 'x-opencode-directory': this.project.directory, 'content-type': 'application/json' },
      body: json && JSON.stringify(json),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  /** Puts the paths of this side into a call. */
  #insert(input) {
    const text = JSON.stringify(input);
    return JSON.parse(
      text.replaceAll('$PROJECT', this.project.directory).replaceAll('$OUTSIDE', this.outside.directory),
    );
  }

  /** Without what differs from run to run. */
  #plain(value) {
    const text = JSON.stringify(value)
      .replaceAll(`../${basename(this.outside.directory)}`, '../$OUTSIDE')
      .replaceAll(this.project.directory, '$PROJECT')
      .replaceAll(this.outside.directory, '$OUTSIDE')
      .replaceAll(/\b(ses|msg|prt|tool|call|per)_[0-9A-Za-z]{20,}/g, '$1_…')
      .replaceAll(/"time":\{[^}]*\}/g, '"time":"…"')
      .replaceAll(/\/\S*\/tool-output\//g, '/…/tool-output/');
    return JSON.parse(text);
  }
}

/** Paths and values of everything in a value. */
function leaves(value, path = '') {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`));
}

function differences(ours, theirs) {
  const [left, right] = [new Map(leaves(ours)), new Map(leaves(theirs))];
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path));
  return paths.map((path) => `${path}: ${JSON.stringify(left.get(path))}, there ${JSON.stringify(right.get(path))}`);
}

const command = [await reference()];
for (const [modelID, calls] of Object.entries(CALLS)) {
  const sides = [];
  try {
    for (const [name, program] of Object.entries({ this: undefined, reference: command }))
      sides.push(await Side.start(name, program, modelID));
    for (const { name, steps, differs } of calls)
      await check(differs ? `${name} (differs: ${differs})` : name, async (expect) => {
        const [ours, theirs] = [await sides[0].play(steps), await sides[1].play(steps)];
        const found = differences(ours, theirs);
        if (differs) expect(found.length > 0, true);
        else expect(found.join('\n       '), '');
      });
  } finally {
    for (const side of sides) await side.stop();
  }
}
conclude();
