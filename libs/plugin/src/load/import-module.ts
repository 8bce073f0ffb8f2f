import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type NodeModule from 'node:module';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { acceptPluginModules } from './module-hooks.js';

export type ForeignModule = Readonly<Record<string, unknown>>;

/** Resolves when what plugins are written in is accepted. */
let accepted: Promise<void> | undefined;

/**
 * `import()` as if from a file in a folder. Inside the single executable the ordinary one knows built-in modules only;
 * this one works everywhere, with TypeScript, top-level await and the packages beside the file.
 */
async function importFrom(directory: string, specifier: string): Promise<ForeignModule> {
  // the hooks have to be those of the loader that loads plugins
  await (accepted ??= loaderIn('/')('node:module').then((module) =>
    acceptPluginModules(module as unknown as typeof NodeModule),
  ));
  return loaderIn(directory)(specifier);
}

function loaderIn(directory: string): (specifier: string) => Promise<ForeignModule> {
  return vm.runInThisContext('(specifier) => import(specifier)', {
    filename: join(directory, 'import.js'),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string) => Promise<ForeignModule>;
}

/** A file, or a folder with a package, as it is now: what was edited since is imported anew. @param url `file://…` */
export async function importFile(url: string): Promise<ForeignModule> {
  const path = fileURLToPath(url);
  const stats = await stat(path);
  // the folder of a package: what its `main` says
  if (stats.isDirectory())
    return importFile(pathToFileURL(createRequire(join(path, 'package.json')).resolve('./')).href);
  return importFrom('/', `${url}?v=${stats.mtimeMs}-${stats.size}`);
}

/** A package that is installed. @param directory the folder whose `node_modules` holds it, or a folder below that */
export function importInstalled(directory: string, name: string): Promise<ForeignModule> {
  return importFrom(directory, name);
}
