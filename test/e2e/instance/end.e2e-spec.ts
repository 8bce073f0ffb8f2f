import { EventReader, reply, ScriptedModel, TemporaryProject, type ReceivedEvent } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';
import { TerminalSocket } from '../pty/terminal-client.js';

const COMMAND = 'sleep 300 & a=$!; nohup sleep 301 >/dev/null 2>&1 & echo pids $$ $a $! end; wait';
const LEFT = '(sleep 302 >/dev/null 2>&1 & echo left $! end)';

const idsIn = (text: string, word: string): number[] =>
  (new RegExp(`${word} ([\\d ]+) end`).exec(text)?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);

/** A server of its own in which everything goes on that can: a run with a tool, leftovers, a terminal, streams. */
class BusyServer implements AsyncDisposable {
  readonly events: EventReader;
  readonly all: EventReader;
  pids: number[] = [];
  socket: TerminalSocket;

  private constructor(
    readonly server: SpawnedServer,
    readonly model: ScriptedModel,
    readonly project: TemporaryProject,
    events: EventReader[],
  ) {
    [this.events, this.all] = events as [EventReader, EventReader];
  }

  static async start(): Promise<BusyServer> {
    const model = await ScriptedModel.start();
    const project = await TemporaryProject.create({ model, git: true });
    const server = await SpawnedServer.start();
    const header = { 'x-opencode-directory': project.directory };
    const events = [
      await EventReader.open(`${server.url}/event`, header),
      await EventReader.open(`${server.url}/global/event`),
    ];
    const busy = new BusyServer(server, model, project, events);
    try {
      await busy.work();
      return busy;
    } catch (error) {
      await busy[Symbol.asyncDispose]();
      throw error;
    }
  }

  async call(method: string, path: string, json?: unknown) {
    return (await this.server.request(path, { directory: this.project.directory, method, json })).body;
  }

  private async work(): Promise<void> {
    const { id: session } = await this.call('POST', '/session', { title: 'busy' });
    const terminal = await this.call('POST', '/pty', { command: '/bin/bash', args: ['-c', `trap "" HUP; ${COMMAND}`] });
    expect(terminal).toMatchObject({ status: 'running' });
    this.socket = await TerminalSocket.open(
      `${this.server.url}/pty/${terminal.id}/connect?directory=${this.project.directory}`,
    );
    await this.socket.shows(/pids [\d ]+ end/);
    this.model.push(
      reply().tool('bash', { command: LEFT, description: 'leaves something' }),
      reply().tool('bash', { command: COMMAND, description: 'waits' }),
    );
    const prompt = { parts: [{ type: 'text', text: 'Start' }] };
    void this.call('POST', `/session/${session}/message`, prompt).catch(() => undefined);
    const output = ({ properties }: ReceivedEvent) => JSON.stringify(properties['part']?.state?.metadata?.output ?? '');
    const left = await this.events.next((event) => output(event).includes('left'));
    const running = await this.events.next((event) => output(event).includes('pids'));
    this.pids = [
      Number(terminal.pid),
      ...idsIn(this.socket.text, 'pids'),
      ...idsIn(output(left), 'left'),
      ...idsIn(output(running), 'pids'),
    ];
    expect(this.pids.length).toBeGreaterThanOrEqual(8);
    for (const pid of this.pids) expect([pid, await alive(pid)]).toEqual([pid, true]);
  }

  async leavesNothing(): Promise<void> {
    for (const pid of this.pids) await until(async () => !(await alive(pid)), `process ${pid} is gone`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.events.close();
    this.all.close();
    await this.server[Symbol.asyncDispose]();
    await this.project.remove();
    await this.model.close();
  }
}

describe('nothing is left', () => {
  it('of an instance that is disposed, and the next one works', async () => {
    await using busy = await BusyServer.start();
    const { directory } = busy.project;
    expect(await busy.call('POST', '/instance/dispose')).toBe(true);
    await busy.leavesNothing();
    expect(await busy.socket.ends()).toBe(1000);
    // the last word, and then the end of the stream
    await busy.events.ended();
    expect(busy.events.log.at(-1)).toMatchObject({
      type: 'server.instance.disposed',
      properties: { directory },
    });
    expect(busy.events.types()).toContain('session.idle');
    await busy.all.next('server.instance.disposed');
    expect(await busy.call('GET', '/pty')).toEqual([]);
    expect(await busy.call('GET', '/session/status')).toEqual({});

    expect(await busy.call('POST', '/global/dispose')).toBe(true);
    await busy.all.next('global.disposed');
    const told = busy.all.types().filter((type) => type.endsWith('disposed'));
    expect(told).toEqual(['server.instance.disposed', 'server.instance.disposed', 'global.disposed']);
    expect((await busy.call('GET', '/global/health')).healthy).toBe(true);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('of a server that gets %s', async (signal) => {
    await using busy = await BusyServer.start();
    const { code } = await busy.server.stop(signal);
    expect(code).toBe(signal === 'SIGKILL' ? null : 0);
    await busy.leavesNothing();
    await busy.socket.ends();
  });
});
