import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, platform, release } from 'node:os';

/** What a reader has to know about the machine to judge the figures. */
export function describeMachine() {
  return {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    platform: `${platform()} ${release()} ${process.arch}`,
    node: process.versions.node,
    load: loadavg(),
  };
}

/** Milliseconds of a clock tick in /proc; Linux gives programs 100 ticks a second. */
const TICK = 10;

/**
 * CPU milliseconds of a process so far, those of its ended children included; undefined where there is no /proc.
 * @param {number} pid
 */
export async function cpuOf(pid) {
  const line = await readProc(pid, 'stat');
  if (line === undefined) return undefined;
  // the name of the program, in brackets, may contain anything
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks * TICK;
}

/**
 * Memory of a process in MiB: resident, the part of that which is no file, and the most it ever was.
 * @param {number} pid
 */
export async function memoryOf(pid) {
  const text = await readProc(pid, 'status');
  if (text === undefined) return undefined;
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { resident: of('VmRSS'), anonymous: of('RssAnon'), peak: of('VmHWM') };
}

async function readProc(pid, name) {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
