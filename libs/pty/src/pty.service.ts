import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  BadRequestError,
  createId,
  errorText,
  InvalidRequestError,
  type Issue,
  NotFoundError,
  type Pty,
  type PtyCreateInput,
  type PtySize,
  type PtyUpdateInput,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import { PTY_OPTIONS, type PtyOptions } from './pty-options.js';
import type { TerminalClient } from './terminal-feed.js';
import { TerminalRunner } from './terminal-runner.port.js';
import { TerminalStarts } from './terminal-starts.service.js';
import { Terminal } from './terminal.js';

const LIMIT = 64;
/** The system counts rows and columns in 16 bits. */
const MAX_SIZE = 65_535;

/**
 * The terminals of each instance. One lives until its program ends, somebody removes it, or the instance is disposed;
 * nothing it started outlives it. While it is there the instance is not evicted.
 * @publicApi
 */
@Injectable()
export class PtyService {
  private readonly terminals = new InstanceState<Map<string, Terminal>>(
    () => new Map(),
    async (terminals) => void (await Promise.all([...terminals.values()].map((terminal) => terminal.end()))),
  );

  constructor(
    private readonly runner: TerminalRunner,
    private readonly starts: TerminalStarts,
    private readonly instances: InstanceStore,
    private readonly bus: EventBus,
    @Optional() @Inject(PTY_OPTIONS) private readonly options: PtyOptions = {},
  ) {}

  list(instance: Instance): Pty[] {
    return [...(this.terminals.find(instance)?.values() ?? [])].map(({ info }) => ({ ...info }));
  }

  /** Throws a NotFoundError when there is no such terminal. */
  get(instance: Instance, id: string): Pty {
    return { ...this.terminal(instance, id).info };
  }

  /**
   * Starts a terminal, by default with the user's shell in the directory of the instance.
   * Rejects with a WireError when the program or directory does not exist, or too many terminals are open.
   */
  async create(instance: Instance, input: PtyCreateInput = {}): Promise<Pty> {
    await this.runner.prepare();
    const { shown, request } = await this.starts.of(instance, input);
    // from here on nothing waits: a disposal finds the terminal, or it is not started
    instance.signal.throwIfAborted();
    const terminals = this.terminals.get(instance);
    const { limit = LIMIT } = this.options;
    if (terminals.size >= limit)
      throw new InvalidRequestError(
        limit === 0 ? 'This server has no terminals' : `${limit} terminals are open here: remove one first`,
      );
    const program = this.start(request);
    const id = createId('pty');
    const { args, cwd } = request;
    const title = input.title || `Terminal ${id.slice(-4)}`;
    const info: Pty = { id, title, command: shown, args: [...args], cwd, status: 'running', pid: program.pid };
    const terminal = new Terminal(info, program, this.instances.retain(instance), (exitCode) => {
      terminals.delete(id);
      this.bus.publish(instance, 'pty.exited', { id, exitCode });
    });
    terminals.set(id, terminal);
    this.bus.publish(instance, 'pty.created', { info: { ...info } });
    return { ...info };
  }

  /** Throws a NotFoundError, or a BadRequestError for an impossible size. */
  update(instance: Instance, id: string, { title, size }: PtyUpdateInput): Pty {
    const terminal = this.terminal(instance, id);
    if (size) {
      requireSize(size);
      terminal.resize(size.cols, size.rows);
    }
    if (title) terminal.info.title = title;
    const info = { ...terminal.info };
    this.bus.publish(instance, 'pty.updated', { info });
    return info;
  }

  /** Ends a terminal and all it started; resolves when they are gone. Rejects with a NotFoundError. */
  async remove(instance: Instance, id: string): Promise<void> {
    const terminal = this.terminal(instance, id);
    this.terminals.find(instance)?.delete(id);
    await terminal.end();
    this.bus.publish(instance, 'pty.exited', { id, exitCode: 0 });
    this.bus.publish(instance, 'pty.deleted', { id });
  }

  /**
   * A function that connects a client with a terminal. Throws a NotFoundError at once.
   * @param cursor position in the output to start from; -1 = its end, anything else that is no position = the beginning
   */
  connector(instance: Instance, id: string, cursor?: string): (client: TerminalClient) => void {
    const terminal = this.terminal(instance, id);
    const position = /^(-1|\d+)$/.test(cursor ?? '') ? Number(cursor) : 0;
    return (client) => terminal.attach(client, position);
  }

  private terminal(instance: Instance, id: string): Terminal {
    const terminal = this.terminals.find(instance)?.get(id);
    if (!terminal) throw new NotFoundError(`Terminal not found: ${id}`);
    return terminal;
  }

  private start(request: Parameters<TerminalRunner['start']>[0]) {
    try {
      return this.runner.start(request);
    } catch (error) {
      throw new InvalidRequestError(`The system cannot start the terminal: ${errorText(error)}`);
    }
  }
}

function requireSize(size: PtySize): void {
  const issues = (['rows', 'cols'] as const)
    .filter((side) => !Number.isInteger(size[side]) || size[side] < 1 || size[side] > MAX_SIZE)
    .map((side): Issue => ({
      code: 'custom',
      path: ['size', side],
      message: `Must be an integer from 1 to ${MAX_SIZE}`,
    }));
  if (issues.length > 0) throw new BadRequestError({ size }, issues);
}
