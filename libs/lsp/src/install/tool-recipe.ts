import { relative } from 'node:path';
import type { Environment, ProcessRunner } from '#libs/extension';
import { findFile } from '../program/find-file.js';
import { runTool } from './run-tool.js';
import type { ServerRecipe, ToolSource } from './server-source.js';

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
      await runTool(processes, {
        command: needed?.path ?? tool,
        args: args.map(filled(folder)),
        cwd: folder,
        env: { ...environment.variables, ...allFilled(env, folder) },
        signal,
      });
      const found = await findFile(folder, [program]);
      if (found === undefined) throw new Error(`${tool} reports success, but there is no ${program}`);
      return { version: 'latest', program: relative(folder, found) };
    },
    launch: ({ folder, program: path }) => ({ program: path, env: allFilled(serverEnv, folder) }),
  };
}
