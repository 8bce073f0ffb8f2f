import type { Auth } from '#libs/contract';
import { agree } from '../ask.js';

/** Milliseconds and bytes of the answer. */
const LIMITS = { time: 10_000, size: 1024 * 1024 };
/** Milliseconds the program may take: it may be a login in the browser. */
const PROGRAM = 10 * 60_000;

interface WellKnown {
  auth?: { command?: unknown; env?: unknown };
}

/** A login at somebody's server: how is told by the server, as a program of this machine. */
export interface WellKnownLogin {
  readonly command: readonly string[];
  /** Variable that the token becomes in the configuration of that server. */
  readonly variable: string;
}

/** Asks a server how one logs in there. */
export async function wellKnownLogin(address: string): Promise<WellKnownLogin> {
  const { fetchText } = await import('#libs/config');
  const url = `${address}/.well-known/opencode`;
  const text = await fetchText(url, LIMITS).catch((error: unknown) => {
    throw new Error(`${url} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { command, env } = parsed(text, url).auth ?? {};
  const isCommand = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string');
  if (!isCommand || typeof env !== 'string' || env === '')
    throw new Error(`${url} does not say how to log in: "auth" needs "command" (a list of words) and "env" (a name)`);
  return { command: command, variable: env };
}

/** Runs the program once the person has agreed; undefined when they do not. */
export async function runLogin(login: WellKnownLogin, address: string, agreed: boolean): Promise<Auth | undefined> {
  const shown = login.command.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  console.error(`${address} asks to run: ${shown}`);
  if (!agreed && !(await agree('Run it?', 'Give --yes to run it without asking'))) return undefined;
  const [{ NodeProcessRunner }, { processEnvironment }] = await Promise.all([
    import('#libs/extension'),
    import('../process-environment.js'),
  ]);
  const { directory: cwd, variables: env } = processEnvironment();
  const [command = '', ...args] = login.command;
  const { exitCode, reason, stdout } = await new NodeProcessRunner().run({
    command,
    args,
    cwd,
    env,
    timeout: PROGRAM,
    // its standard output is the token
    onOutput: (text, stream) => void (stream === 'stderr' && process.stderr.write(text)),
  });
  const token = stdout.trim();
  if (reason !== 'exit') throw new Error(`${command} took too long`);
  if (exitCode !== 0) throw new Error(`${command} failed with exit code ${exitCode}`);
  if (token === '') throw new Error(`${command} printed no token`);
  return { type: 'wellknown', key: login.variable, token };
}

function parsed(text: string, url: string): WellKnown {
  try {
    return (JSON.parse(text) ?? {}) as WellKnown;
  } catch {
    throw new Error(`${url} is no JSON`);
  }
}
