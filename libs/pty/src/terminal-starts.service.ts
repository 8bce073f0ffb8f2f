import { Injectable } from '@nestjs/common';
import { resolve } from 'node:path';
import { BadRequestError, type PtyCreateInput } from '#libs/contract';
import { Environment, findOnPath, HookRegistry, isProgram } from '#libs/extension';
import { type Instance, isDirectory } from '#libs/instance';
import type { TerminalRequest } from './terminal-runner.port.js';

/** Variables that describe the terminal the server was started in. */
const FOREIGN = ['TMUX', 'TMUX_PANE', 'STY', 'WINDOW', 'WINDOWID', 'TERMCAP', 'COLUMNS', 'LINES'];

type Variables = Readonly<Record<string, string | undefined>>;

/** What is to be started, and the command as it was asked for. */
export interface TerminalStart {
  readonly shown: string;
  readonly request: TerminalRequest;
}

/** Finds out what a terminal is to run, and in which environment. */
@Injectable()
export class TerminalStarts {
  constructor(
    private readonly environment: Environment,
    private readonly hooks: HookRegistry,
  ) {}

  /**
   * A login shell, or the program that the input names. Its environment is the server's, then what the client adds,
   * then what hooks do. Rejects with a BadRequestError when the program or its directory does not exist.
   */
  async of(instance: Instance, input: PtyCreateInput): Promise<TerminalStart> {
    const { variables } = this.environment;
    const cwd = instance.resolve(input.cwd ?? '.');
    if (!(await isDirectory(cwd))) throw refused(input, 'cwd', `There is no directory ${cwd}`);
    const env: Record<string, string | undefined> = { ...variables };
    for (const name of FOREIGN) delete env[name];
    const added = await this.hooks.run('shellEnvironment', {}, { instance, cwd });
    Object.assign(env, input.env, added, { TERM: 'xterm-256color', OPENCODE_TERMINAL: '1' });
    const shown = input.command || (await defaultShell(variables));
    const command = await findProgram(shown, cwd, env['PATH']);
    if (command === undefined) throw refused(input, 'command', `There is no program ${shown}`);
    const args = [...(input.args ?? []), ...(shown.endsWith('sh') ? ['-l'] : [])];
    return { shown, request: { command, args, cwd, env: defined(env), cols: 80, rows: 24 } };
  }
}

const refused = (input: PtyCreateInput, field: keyof PtyCreateInput, message: string) =>
  new BadRequestError(input, [{ code: 'custom', path: [field], message }]);

async function defaultShell(variables: Variables): Promise<string> {
  const own = variables['SHELL'];
  if (own && (await isProgram(own))) return own;
  return (await findOnPath('bash', variables['PATH'], '/')) ?? '/bin/sh';
}

/** Absolute path of a program: as it is named when it is a path, else where the search path finds it first. */
async function findProgram(name: string, cwd: string, path?: string): Promise<string | undefined> {
  if (name.includes('/')) return (await isProgram(resolve(cwd, name))) ? resolve(cwd, name) : undefined;
  return findOnPath(name, path, cwd);
}

const defined = (variables: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
