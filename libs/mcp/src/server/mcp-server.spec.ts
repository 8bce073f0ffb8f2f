import type { MCPStatus } from '#libs/contract';
import type { McpConnection } from '../connection/mcp-connection.js';
import { MAX_RESTARTS, PAUSE, STEADY } from './back-off.js';
import { McpServer } from './mcp-server.js';

/** A connection whose end the test decides. */
class Connection {
  private readonly end = Promise.withResolvers<Error>();
  readonly lost = this.end.promise;
  closed = false;

  break(): void {
    this.end.resolve(new Error('broken'));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** A server whose attempts are told, at a time that passes when somebody sleeps. */
function setUp(outcomes: (Error | Connection)[]) {
  let now = 0;
  const sleeps: number[] = [];
  const told: MCPStatus[] = [];
  const server = new McpServer(
    'one',
    { type: 'local', command: ['x'] },
    {
      clock: {
        now: () => now,
        sleep: async (milliseconds, signal) => {
          signal?.throwIfAborted();
          sleeps.push(milliseconds);
          now += milliseconds;
        },
      },
      open: async () => {
        const outcome = outcomes.shift() ?? new Error('still down');
        if (outcome instanceof Error) throw outcome;
        return outcome as unknown as McpConnection;
      },
      explain: (_config, error) => ({ status: 'failed', error: (error as Error).message }),
      onToolsChanged: () => undefined,
      onStatus: (_name, status) => told.push(status),
    },
  );
  return { server, sleeps, told, pass: (milliseconds: number) => (now += milliseconds) };
}

const settle = async () => {
  for (let i = 0; i < 200; i++) await Promise.resolve();
};

describe('McpServer', () => {
  it('comes back at once, then with growing pauses, and gives up', async () => {
    const first = new Connection();
    const { server, sleeps } = setUp([first]);
    await server.connect();
    expect(server.status).toEqual({ status: 'connected' });
    first.break();
    await settle();
    expect(first.closed).toBe(true);
    expect(sleeps).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(server.status).toEqual({ status: 'failed', error: `still down; gave up after ${MAX_RESTARTS} restarts` });
  });

  it('is tried again when somebody needs it, a while after it was given up', async () => {
    const [first, second] = [new Connection(), new Connection()];
    const tries = Array.from({ length: MAX_RESTARTS }, () => new Error('down'));
    const { server, pass } = setUp([first, ...tries, new Error('still down'), second]);
    const isThere = async () => {
      const answer = await server.ask(() => Promise.resolve(true));
      await settle();
      return answer;
    };
    await server.connect();
    first.break();
    await settle();
    expect([await isThere(), server.status.status]).toEqual([undefined, 'failed']);
    pass(PAUSE);
    // nobody waits for it
    expect([await isThere(), await isThere(), server.status.status]).toEqual([undefined, undefined, 'failed']);
    pass(PAUSE);
    await isThere();
    expect([await isThere(), server.status.status]).toEqual([true, 'connected']);
  });

  it('stays away when it was told to after it was given up', async () => {
    const first = new Connection();
    const tries = Array.from({ length: MAX_RESTARTS }, () => new Error('down'));
    const { server, pass } = setUp([first, ...tries, new Connection()]);
    await server.connect();
    first.break();
    await settle();
    await server.disconnect();
    pass(PAUSE);
    await server.ask(() => Promise.resolve(true));
    await settle();
    expect(server.status).toEqual({ status: 'disabled' });
  });

  it('forgives one that held for a while', async () => {
    const [first, second, third] = [new Connection(), new Connection(), new Connection()];
    const { server, sleeps, pass } = setUp([first, second, third]);
    await server.connect();
    first.break();
    await settle();
    pass(STEADY);
    second.break();
    await settle();
    expect(sleeps).toEqual([0, 0]);
    third.break();
    await settle();
    expect(sleeps.slice(0, 3)).toEqual([0, 0, 1_000]);
  });

  it('asks again where that does no harm', async () => {
    const [first, second] = [new Connection(), new Connection()];
    const { server } = setUp([first, second]);
    await server.connect();
    const request = async (connection: McpConnection) => {
      if ((connection as unknown) !== first) return 'second';
      first.break();
      await settle();
      throw new Error('gone');
    };
    expect(await server.ask(request)).toBe('second');
    await expect(server.ask(async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });

  it('connects when that is what it was told last', async () => {
    const { server } = setUp([new Connection()]);
    await Promise.all([server.connect(), server.disconnect(), server.connect()]);
    expect(server.status).toEqual({ status: 'connected' });
    await Promise.all([server.connect(), server.end(), server.connect()]);
    expect(server.status).toEqual({ status: 'disabled' });
  });

  it('stays away when it is told to, also while it connects', async () => {
    const gate = Promise.withResolvers<void>();
    const connection = new Connection();
    const server = new McpServer(
      'one',
      { type: 'local', command: ['x'] },
      {
        clock: { now: () => 0, sleep: () => Promise.resolve() },
        open: async () => {
          await gate.promise;
          return connection as unknown as McpConnection;
        },
        explain: () => ({ status: 'needs_auth' }),
        onToolsChanged: () => undefined,
        onStatus: () => undefined,
      },
    );
    const connecting = server.connect();
    await settle();
    const leaving = server.disconnect();
    gate.resolve();
    await Promise.all([connecting, leaving]);
    expect([server.status, connection.closed]).toEqual([{ status: 'disabled' }, true]);
    expect(await server.ask(() => Promise.resolve(1))).toBeUndefined();
  });
});
