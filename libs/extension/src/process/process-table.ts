import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One process, as the system knows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Session of terminals; 0 where the system does not tell. */
  readonly session: number;
  /** Tells a process from a later one with the same id; empty where the system does not say. */
  readonly started: string;
}

/** Every process that can be seen. Empty on systems without `/proc` and `ps`. */
export async function processTable(): Promise<ProcessEntry[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

async function fromProc(): Promise<ProcessEntry[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    names.map((name) => readFile(`/proc/${name}/stat`, 'latin1').then(parse, () => undefined)),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** The name of the program stands in brackets and may hold anything, brackets and spaces included. */
function parse(stat: string): ProcessEntry | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // a zombie runs no more, it only waits to be noticed
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const [parent = 0, group = 0, session = 0] = fields.slice(1, 4).map(Number);
  return { pid: Number.parseInt(stat, 10), parent, group, session, started: fields[19] ?? '' };
}

async function fromPs(): Promise<ProcessEntry[]> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,lstart='], { timeout: 5_000 });
    return stdout.split('\n').flatMap((line) => {
      const [, pid, parent, group, started = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid ? [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, started }] : [];
    });
  } catch {
    return [];
  }
}
