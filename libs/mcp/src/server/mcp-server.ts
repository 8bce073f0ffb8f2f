import type { MCPStatus, McpServerConfig } from '#libs/contract';
import type { Clock } from '#libs/extension';
import type { McpConnection } from '../connection/mcp-connection.js';
import { backOff, MAX_RESTARTS, PAUSE, STEADY } from './back-off.js';

/** What a server needs from outside. */
export interface ServerWorld {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Connects; see McpConnector. */
  open(name: string, config: McpServerConfig, signal: AbortSignal): Promise<McpConnection>;
  /** What clients are told when connecting failed. */
  explain(config: McpServerConfig, error: unknown): MCPStatus;
  onToolsChanged(name: string): void;
  onStatus(name: string, status: MCPStatus): void;
}

/** One server of an instance: whether it is connected, and the way back when it is lost. */
export class McpServer {
  private current: MCPStatus = { status: 'disabled' };
  private open?: McpConnection;
  private connecting?: Promise<void>;
  /** The first try after a loss, which comes at once. */
  private comeback?: Promise<void>;
  private restarts = 0;
  /** When it was tried last, once it is only tried when somebody needs it. */
  private gaveUp?: number;
  /** Aborted when the server is no longer wanted. */
  private life = new AbortController();
  private ended = false;

  constructor(
    readonly name: string,
    readonly config: McpServerConfig,
    private readonly world: ServerWorld,
  ) {}

  get status(): MCPStatus {
    return this.current;
  }

  get isConnected(): boolean {
    return this.open !== undefined;
  }

  /** Connects, anew if it is connected. The outcome is the status; never rejects. Does nothing after {@link end}. */
  async connect(): Promise<void> {
    if (this.ended) return;
    if (this.connecting) return this.connecting;
    const connecting = this.reconnect().finally(() => {
      if (this.connecting === connecting) this.connecting = undefined;
    });
    this.connecting = connecting;
    return connecting;
  }

  /** Closes the connection, ends what belongs to it, and stays away until {@link connect}. Never rejects. */
  async disconnect(): Promise<void> {
    const { open, connecting, life } = this;
    life.abort();
    this.open = undefined;
    // who wants it again does not get what is given up here
    this.connecting = undefined;
    this.gaveUp = undefined;
    this.set({ status: 'disabled' });
    await Promise.all([open?.close(), connecting]);
  }

  /** Disconnects for good: it was replaced, or its instance is gone. */
  end(): Promise<void> {
    this.ended = true;
    return this.disconnect();
  }

  /**
   * Asks the server; undefined when it is not connected. When it turns out to be gone, waits for the first try to bring
   * it back and asks again. One that could not be brought back is tried again, for those who ask later.
   * @param mayRepeat whether a request that failed with this error may be sent again
   */
  async ask<T>(
    request: (connection: McpConnection) => Promise<T>,
    mayRepeat: (error: unknown) => boolean = () => true,
  ): Promise<T | undefined> {
    if (!this.open) this.revive();
    if (!this.open) await this.comeback;
    const connection = this.open;
    if (!connection) return undefined;
    try {
      return await request(connection);
    } catch (error) {
      if (this.open === connection || !mayRepeat(error)) throw error;
      await this.comeback;
      const again = this.open;
      if (!again) throw error;
      return await request(again);
    }
  }

  private async reconnect(): Promise<void> {
    const { open } = this;
    this.life.abort();
    this.life = new AbortController();
    const { signal } = this.life;
    this.open = undefined;
    this.restarts = 0;
    this.gaveUp = undefined;
    await open?.close();
    if (!signal.aborted) await this.attempt(signal);
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    let connection: McpConnection;
    try {
      connection = await this.world.open(this.name, this.config, signal);
    } catch (error) {
      if (!signal.aborted) this.set(this.world.explain(this.config, error));
      return;
    }
    if (signal.aborted) return connection.close();
    this.open = connection;
    const since = this.world.clock.now();
    connection.onToolsChanged = () => this.world.onToolsChanged(this.name);
    this.set({ status: 'connected' });
    void connection.lost.then((reason) => {
      if (this.open !== connection) return;
      this.open = undefined;
      if (this.world.clock.now() - since >= STEADY) this.restarts = 0;
      this.set(this.world.explain(this.config, reason));
      const first = this.restarts === 0;
      const tried = this.restart(connection, signal);
      this.comeback = first ? tried : undefined;
    });
  }

  /** Resolves after the first try; goes on by itself until it succeeds or has tried often enough. */
  private async restart(lost: McpConnection, signal: AbortSignal): Promise<void> {
    await lost.close();
    if (await this.retry(signal)) void this.goOn(signal);
  }

  private async goOn(signal: AbortSignal): Promise<void> {
    while (await this.retry(signal));
  }

  /** One try after its time; whether another one is to follow. */
  private async retry(signal: AbortSignal): Promise<boolean> {
    if (this.restarts >= MAX_RESTARTS) {
      this.gaveUp = this.world.clock.now();
      if (this.current.status === 'failed')
        this.set({ status: 'failed', error: `${this.current.error}; gave up after ${MAX_RESTARTS} restarts` });
      return false;
    }
    try {
      await this.world.clock.sleep(backOff(this.restarts++), signal);
    } catch {
      return false;
    }
    await this.attempt(signal);
    return !signal.aborted && this.current.status === 'failed';
  }

  /** Nobody waits for it: it may take as long as a connection may. */
  private revive(): void {
    const now = this.world.clock.now();
    if (this.gaveUp === undefined || now - this.gaveUp < PAUSE) return;
    this.gaveUp = now;
    void this.attempt(this.life.signal);
  }

  private set(status: MCPStatus): void {
    this.current = status;
    this.world.onStatus(this.name, status);
  }
}
