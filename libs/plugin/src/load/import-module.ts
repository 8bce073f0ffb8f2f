import { stat } from 'node:fs/promises';
import type NodeModule from 'node:module';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ForeignModule, importFrom } from '#libs/extension';
import { acceptPluginModules } from './module-hooks.js';

/** Resolves when what plugins are written in is accepted. */
let accepted: Promise<void> | undefined;

async function load(directory: string, specifier: string): Promise<ForeignModule> {
  // the hooks have to be those of the loader that loads plugins
  await (accepted ??= importFrom('/', 'node:module').then((module) =>
    acceptPluginModules(module as unknown as typeof NodeModule),
  ));
  return importFrom(directory, specifier);
}

/** A file, or a folder with a package, as it is now: what was edited since is imported anew. @param url `file://…` */
export async function importFile(url: string): Promise<ForeignModule> {
  const path = fileURLToPath(url);
  const stats = await stat(path);
  // the folder of a package: what its `main` says
  if (stats.isDirectory())
    return importFile(pathToFileURL(createRequire(join(path, 'package.json')).resolve('./')).href);
  return load('/', `${url}?v=${stats.mtimeMs}-${stats.size}`);
}

/** A package that is installed. @param directory the folder whose `node_modules` holds it, or a folder below that */
export function importInstalled(directory: string, name: string): Promise<ForeignModule> {
  return load(directory, name);
}
