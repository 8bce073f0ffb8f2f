import { access } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Paths of plugins become URLs, seen from the file that names them; what is no path of a file stays as it is. */
export async function resolvePlugins(plugins: readonly string[], configPath: string): Promise<string[]> {
  return Promise.all(
    plugins.map(async (plugin) => {
      if (!isAbsolute(plugin) && !/^\.\.?[\\/]/.test(plugin)) return plugin;
      const file = resolve(dirname(configPath), plugin);
      return access(file).then(
        () => pathToFileURL(file).href,
        () => plugin,
      );
    }),
  );
}
