import { relative } from 'node:path';
import type { Environment, ProcessRunner } from '#libs/extension';
import { findFile } from '../program/find-file.js';
import type { ServerRecipe, ToolSource } from './server-source.js';

/** Milliseconds: some are compiled. */
const LIMIT = 10 * 60_000;
/** Lines of what a tool said that are told when it fails. */
const LINES = 3;

/** Has the package tool of a language install a server. */
export function toolRecipe(
  { program: tool, args, env, serverEnv }: ToolSource,
  program: string,
  environment: Environment,
  processes: ProcessRunner,
): ServerRecipe {
  const filled = (folder: string) => (text: string) =>
    text.replaceAll(/\$(\w+)/g, (_, name: string) =>
      name === 'FOLDER' ? folder : (environment.variables[name] ?? ''),
    );
  const allFilled = (values: Readonly<Record<string, string>> = {}, folder: string) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filled(folder)(value)]));
  return {
    needs: { program: tool },
    async install(folder, needed, signal) {
      const { exitCode, reason, stdout, stderr } = await processes.run({
        command: needed?.path ?? tool,
        args: args.map(filled(folder)),
        cwd: folder,
        env: { ...environment.variables, ...allFilled(env, folder) },
        timeout: LIMIT,
        signal,
      });
      signal.throwIfAborted();
      if (reason === 'timeout') throw new Error(`${tool} was not done after ${LIMIT / 60_000} minutes`);
      if (exitCode !== 0) throw new Error(`${tool} failed: ${lastLines(stderr || stdout)}`);
      const found = await findFile(folder, [program]);
      if (found === undefined) throw new Error(`${tool} reports success, but there is no ${program}`);
      return { version: 'latest', program: relative(folder, found) };
    },
    launch: ({ folder, program: path }) => ({ program: path, env: allFilled(serverEnv, folder) }),
  };
}

function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (
    lines
      .filter((line) => line !== '')
      .slice(-LINES)
      .join(' ') || 'it said nothing'
  );
}
