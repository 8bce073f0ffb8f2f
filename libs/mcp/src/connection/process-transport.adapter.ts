import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from '#libs/extension';
import { MAX_MESSAGE } from './limited-response.js';
import { LineSplitter } from './line-splitter.js';
import { McpError, CONNECTION_CLOSED } from './mcp.error.js';

/** Lines of its output that are no messages and told of; more is noise. */
const MAX_ODD_LINES = 20;
/** Milliseconds between the steps of the end: input closed, SIGTERM, SIGKILL. */
const GRACE = 1_000;
/** Milliseconds to read what an ended process wrote last. */
const DRAIN = 500;

/**
 * MCP over the standard streams of a process that belongs to the ProcessRunner: it is ended with its descendants,
 * which the transport of the SDK does not do.
 */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private child?: RunningProcess;
  private closing = false;
  private oddLines = 0;
  private readonly lines = new LineSplitter(MAX_MESSAGE);

  /**
   * @param launch starts the process
   * @param parse reads one message; throws when it is none
   */
  constructor(
    private readonly launch: () => Promise<RunningProcess>,
    private readonly parse: (line: string) => JSONRPCMessage,
  ) {}

  async start(): Promise<void> {
    const child = (this.child = await this.launch());
    // given up before it ran
    if (this.closing) return this.child.stop(GRACE);
    child.output.on('data', (chunk: Buffer) => this.take(chunk));
    // one that can say nothing any more is of no use
    child.output.once('end', () => void child.stop(GRACE));
    void child.ended.then(async () => {
      // its last words may still be on the way; a descendant outside its group may hold the pipe
      if (!child.output.readableEnded && !child.output.destroyed)
        await Promise.race([once(child.output, 'close'), delay(DRAIN, undefined, { ref: false })]).catch(
          () => undefined,
        );
      this.onclose?.();
    });
  }

  /** Undefined while it runs. */
  get ended(): Promise<{ exitCode: number | null }> | undefined {
    return this.child?.ended;
  }

  /** What it wrote last to its standard error. */
  get lastWords(): string {
    return this.child?.errorOutput() ?? '';
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.child?.input;
    if (!input?.writable) return Promise.reject(new McpError(CONNECTION_CLOSED, 'Connection closed'));
    return new Promise((resolve, reject) => {
      input.write(`${JSON.stringify(message)}\n`, (error) => {
        if (error) reject(new McpError(CONNECTION_CLOSED, `Connection closed (${error.message})`));
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.child?.stop(GRACE);
  }

  private take(chunk: Buffer): void {
    if (this.closing) return;
    let lines: string[];
    try {
      lines = this.lines.push(chunk);
    } catch (error) {
      this.onerror?.(error as Error);
      void this.close();
      return;
    }
    for (const line of lines) {
      const message = this.read(line);
      if (message) this.onmessage?.(message);
    }
  }

  /** Programs also print other things, some of them a lot: what cannot be a message costs next to nothing. */
  private read(line: string): JSONRPCMessage | undefined {
    try {
      if (/^\s*\{/.test(line)) return this.parse(line);
    } catch {
      // told like the rest
    }
    if (++this.oddLines <= MAX_ODD_LINES) this.onerror?.(new Error(`Not a message: ${line.slice(0, 200)}`));
    return undefined;
  }
}
