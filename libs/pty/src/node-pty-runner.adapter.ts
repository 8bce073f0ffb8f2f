import { Injectable } from '@nestjs/common';
import type { IPty, IPtyForkOptions } from 'node-pty';
import { join } from 'node:path';
import { errorText, WireError } from '#libs/contract';
import { endProcessTree, Environment, guardAgainstOrphans, requirePackage } from '#libs/extension';
import { type TerminalProcess, type TerminalRequest, TerminalRunner } from './terminal-runner.port.js';

/** What is used of the package. */
interface NodePty {
  spawn(file: string, args: string[], options: IPtyForkOptions): IPty;
}

/** Terminals of the system, by the optional package node-pty. */
@Injectable()
export class NodePtyRunner extends TerminalRunner {
  private library?: NodePty;

  constructor(private readonly environment: Environment) {
    super();
  }

  async prepare(): Promise<void> {
    if (this.library) return;
    try {
      this.library = (await requirePackage('node-pty', join(this.environment.paths.cache, 'bin'))) as NodePty;
    } catch (error) {
      const message = `Terminals need the package node-pty, which cannot be loaded here: ${errorText(error)}`;
      throw new WireError('PtyUnavailableError', 500, { message }, { cause: error });
    }
  }

  start({ command, args, cwd, env, cols, rows }: TerminalRequest): TerminalProcess {
    if (!this.library) throw new Error('prepare() comes first');
    const pty = this.library.spawn(command, [...args], { name: env['TERM'], cols, rows, cwd, env: { ...env } });
    return new NodePtyProcess(pty);
  }
}

class NodePtyProcess implements TerminalProcess {
  private running = true;
  private readonly exited: Promise<void>;

  constructor(private readonly pty: IPty) {
    const forget = guardAgainstOrphans(pty.pid);
    this.exited = new Promise((resolve) => {
      pty.onExit(() => {
        this.running = false;
        forget();
        resolve();
      });
    });
  }

  get pid(): number {
    return this.pty.pid;
  }

  onOutput(listener: (text: string) => void): void {
    this.pty.onData(listener);
  }

  onExit(listener: (exitCode: number) => void): void {
    // what a signal ended says so in the way of shells
    this.pty.onExit(({ exitCode, signal }) => listener(signal ? 128 + signal : exitCode));
  }

  write(text: string): void {
    if (this.running) this.pty.write(text);
  }

  resize(cols: number, rows: number): void {
    if (this.running) this.pty.resize(cols, rows);
  }

  pause(): void {
    if (this.running) this.pty.pause();
  }

  resume(): void {
    if (this.running) this.pty.resume();
  }

  async end(): Promise<void> {
    // nobody reads on; a full terminal must not keep the program from ending
    this.resume();
    await endProcessTree(this.pty.pid, { signal: 'SIGHUP' });
    if (this.running) this.pty.kill('SIGKILL');
    await this.exited;
  }
}
