import type { LoggerService } from '@nestjs/common';
import { createWriteStream, mkdirSync, readdirSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Environment, KnownSecrets } from '#libs/extension';
import type { ParsedArguments } from './command.js';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
type Level = (typeof LEVELS)[number];
/** Log files that stay, the new one included, besides those of processes that run. */
const KEPT = 10;
/** What the framework says while it starts is of interest to nobody else. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const FILE_NAME = /^\d{4}-\d{2}-\d{2}T\d{6}(?:-(\d+))?\.log$/;

/** Writes log lines where the options of the command line say. */
export class Log implements LoggerService {
  constructor(
    private readonly target: Pick<WriteStream, 'write'>,
    private readonly level: Level,
    private readonly secrets: KnownSecrets,
    private readonly end: () => Promise<void> = async () => undefined,
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(String(rest.at(-1))) ? 'DEBUG' : 'INFO', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('ERROR', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('WARN', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('DEBUG', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('DEBUG', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('ERROR', message, rest);
  }

  /** Resolves when every line is written. */
  close(): Promise<void> {
    return this.end();
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.level)) return;
    // Nest gives the name of the source last
    const source = typeof rest.at(-1) === 'string' ? ` ${rest.at(-1) as string}:` : '';
    const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
    const text = [message, ...details].map(textOf).join(' ');
    const safe = this.secrets.hide(text);
    this.target.write(`${level.padEnd(5)} ${new Date().toISOString()}${source} ${safe}\n`);
  }
}

/** A file of its own in the data directory, or stderr with `--print-logs`. What the secrets know is not written. */
export function openLog(environment: Environment, { options }: ParsedArguments, secrets: KnownSecrets): Log {
  secrets.addNamed(environment.variables);
  const level = LEVELS.find((known) => known === options['log-level']) ?? 'INFO';
  if (options['print-logs']) return new Log(process.stderr, level, secrets);
  const folder = join(environment.paths.data, 'log');
  try {
    mkdirSync(folder, { recursive: true });
    removeOld(folder);
    const name = new Date().toISOString().slice(0, 19).replaceAll(':', '');
    const stream = createWriteStream(join(folder, `${name}-${process.pid}.log`), { flags: 'a' });
    // a full disk must not stop the server
    stream.on('error', () => undefined);
    return new Log(stream, level, secrets, () => new Promise((resolve) => stream.end(() => resolve())));
  } catch (error) {
    console.error(`Warning: no log file can be written in ${folder}: ${String(error)}`);
    return new Log(process.stderr, 'ERROR', secrets);
  }
}

/** Not those of processes that run: a server loses nothing by ten commands beside it. */
function removeOld(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => FILE_NAME.test(name) && !isRunning(Number(FILE_NAME.exec(name)?.[1])))
    .sort();
  for (const name of files.slice(0, Math.max(0, files.length - KEPT + 1))) rmSync(join(folder, name), { force: true });
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
