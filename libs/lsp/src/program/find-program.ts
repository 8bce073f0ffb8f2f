import { delimiter, isAbsolute, join } from 'node:path';
import { type Environment, findOnPath, isProgram } from '#libs/extension';

/** Where projects keep programs of their own. */
const LOCAL = ['node_modules/.bin', '.venv/bin', 'venv/bin', 'vendor/bin'];

/**
 * Absolute path of an executable: those of the given folders first (see {@link LOCAL}), then those of `PATH`, then
 * those that opencode has put into its data folder. Undefined when there is none.
 */
export async function findProgram(
  name: string,
  folders: Iterable<string>,
  environment: Environment,
): Promise<string | undefined> {
  if (isAbsolute(name)) return (await isProgram(name)) ? name : undefined;
  for (const folder of folders) {
    for (const local of LOCAL) {
      const path = join(folder, local, name);
      if (await isProgram(path)) return path;
    }
  }
  const path = [environment.variables['PATH'] ?? '', join(environment.paths.data, 'bin')];
  return findOnPath(name, path.join(delimiter));
}
