import { basename } from 'node:path';
import type { ProcessRunner } from '#libs/extension';

/** Milliseconds: some compile what they install. */
const LIMIT = 10 * 60_000;
/** Lines of what a tool said that are told when it fails. */
const LINES = 3;

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs a program that installs something. Rejects with what it said when it fails. */
export async function runTool(processes: ProcessRunner, run: ToolRun): Promise<void> {
  const name = basename(run.command);
  const { exitCode, reason, stdout, stderr } = await processes.run({ ...run, timeout: LIMIT });
  run.signal.throwIfAborted();
  if (reason === 'timeout') throw new Error(`${name} was not done after ${LIMIT / 60_000} minutes`);
  if (exitCode !== 0) throw new Error(`${name} failed: ${lastLines(stderr.trim() || stdout)}`);
}

function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '').slice(-LINES);
  return told.join(' ') || 'it said nothing';
}
