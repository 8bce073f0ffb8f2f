import { join } from 'node:path';
import { type Environment, findOnPath, isProgram, type ProcessRunner } from '#libs/extension';
import type { FoundProgram, NeededProgram } from './server-source.js';

/** Milliseconds a program has to tell its version. */
const VERSION_LIMIT = 15_000;

/** Rejects with a sentence about what is missing. */
export async function findNeeded(
  { program, home, version, atLeast }: NeededProgram,
  environment: Environment,
  processes: ProcessRunner,
): Promise<FoundProgram> {
  const { variables } = environment;
  const folder = home === undefined ? undefined : variables[home];
  const own = folder ? join(folder, 'bin', program) : undefined;
  const path = own && (await isProgram(own)) ? own : await findOnPath(program, variables['PATH']);
  if (path === undefined) throw new Error(`it needs ${program}, which is not in PATH`);
  if (!version) return { path };
  const request = { command: path, args: version.args, cwd: '/', env: variables, timeout: VERSION_LIMIT };
  const { stdout, stderr } = await processes.run(request);
  const found = version.pattern.exec(`${stdout}\n${stderr}`)?.[1];
  if (found === undefined) throw new Error(`${path} does not tell its version`);
  if (atLeast !== undefined && Number.parseInt(found) < atLeast)
    throw new Error(`it needs ${program} ${atLeast} or newer; ${path} is ${found}`);
  return { path, version: found };
}
