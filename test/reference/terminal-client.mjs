// The unmodified terminal client of the reference, attached to a server in tmux: types into it and reads its screen.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environment, reference } from './stage.mjs';

/** Milliseconds something may take to appear on the screen. */
const PATIENCE = 15_000;
const [WIDTH, HEIGHT] = [140, 45];
const run = promisify(execFile);

export const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

export class TerminalClient {
  /** As it was looked at last. */
  screen = '';
  #terminal = `opencode-${process.pid}`;

  /** Starts it, and waits until it takes what is typed. */
  static async start({ home, server, project }) {
    const client = Object.assign(new TerminalClient(), { server, project });
    const variables = { ...environment(home, 'client'), TERM: 'xterm-256color', COLORTERM: 'truecolor' };
    const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const attach = [await reference(), 'attach', server.url, '--dir', project.directory];
    const quoted = ['env', '-i', ...assignments, ...attach].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const size = ['-x', String(WIDTH), '-y', String(HEIGHT)];
    await client.tmux('new-session', '-d', '-s', 'client', ...size, '-c', project.directory, quoted.join(' '));
    return client;
  }

  async stop() {
    const shown = await this.tmux('display-message', '-p', '-t', 'client', '#{pane_pid}').catch(() => undefined);
    await this.tmux('kill-server').catch(() => undefined);
    const pid = Number(shown?.stdout);
    // it outlives its terminal
    if (pid > 0) await run('kill', ['-9', String(pid)]).catch(() => undefined);
  }

  tmux(...args) {
    return run('tmux', ['-L', this.#terminal, ...args], { timeout: PATIENCE });
  }

  keys = async (...names) => {
    for (const name of names) {
      await this.tmux('send-keys', '-t', 'client', name);
      await pause(150);
    }
  };

  type = async (text) => {
    await this.tmux('send-keys', '-t', 'client', '-l', text);
    await pause(300);
  };

  prompt = async (text) => {
    await this.type(text);
    await this.keys('Enter');
  };

  /** Waits until the screen shows a text, or does not any more. */
  shows = async (wanted, present = true) => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      this.screen = (await this.tmux('capture-pane', '-p', '-t', 'client')).stdout;
      const found = wanted instanceof RegExp ? wanted.test(this.screen) : this.screen.includes(wanted);
      if (found === present) return;
      if (Date.now() > end)
        throw new Error(`The screen ${present ? 'never shows' : 'keeps showing'} ${wanted}:\n${this.screen}`);
      await pause(100);
    }
  };

  /** Asks the server. */
  call = async (path, json, method = json === undefined ? 'GET' : 'POST') => {
    const response = await fetch(this.server.url + path, {
      method,
      headers: {
        'x-opencode-directory': this.project.directory,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };

  /** Sends a command of the client itself. */
  execute = async (command) => {
    await this.call('/tui/publish', { type: 'tui.command.execute', properties: { command } });
    await pause(500);
  };

  /** Waits until no session works. */
  idle = async () => {
    const end = Date.now() + PATIENCE;
    while (Object.keys(await this.call('/session/status')).length > 0) {
      if (Date.now() > end) throw new Error('The session stays busy');
      await pause(100);
    }
    await pause(300);
  };
}
