import { realpath, stat } from 'node:fs/promises';
import type NodeModule from 'node:module';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ReadTrail } from '#libs/config';
import { type ForeignModule, importFrom } from '#libs/extension';
import { ModuleFiles } from './module-files.js';
import { acceptPluginModules } from './module-hooks.js';

const files = new ModuleFiles();
/** The loader of plugins, once it accepts what they are written in. */
let accepted: Promise<typeof NodeModule> | undefined;

function loader(): Promise<typeof NodeModule> {
  // the hooks have to be those of the loader that loads plugins
  return (accepted ??= importFrom('/', 'node:module').then((foreign) => {
    const module = foreign as unknown as typeof NodeModule;
    acceptPluginModules(module, files);
    return module;
  }));
}

/**
 * A file, or a folder with a package, as it is now: what was edited since, it or what it imports, is imported anew.
 * @param url `file://…`
 * @param trail learns of the file and of all it imports, also when that fails
 */
export async function importFile(url: string, trail: ReadTrail): Promise<ForeignModule> {
  const named = fileURLToPath(url);
  if ((await stat(named)).isDirectory()) {
    // a package: what its `main` says
    const manifest = join(named, 'package.json');
    await trail.note(manifest);
    return importFile(pathToFileURL(createRequire(manifest).resolve('./')).href, trail);
  }
  await trail.note(named);
  const { createRequire: foreignRequire } = await loader();
  const path = await realpath(named);
  const { cache } = foreignRequire(path);
  for (const edited of files.refresh(path)) delete cache[edited];
  try {
    return await importFrom('/', `${pathToFileURL(path).href}${files.queryOf(path)}`);
  } finally {
    files.note(path, trail);
  }
}

/** A package that is installed. @param directory the folder whose `node_modules` holds it, or a folder below that */
export async function importInstalled(directory: string, name: string): Promise<ForeignModule> {
  await loader();
  return importFrom(directory, name);
}
