import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

export type ForeignModule = Readonly<Record<string, unknown>>;

/**
 * `import()` as if from a file in a folder. Inside the single executable the ordinary one knows built-in modules only;
 * this one works everywhere, with TypeScript, top-level await and the packages beside the file.
 */
function importFrom(directory: string, specifier: string): Promise<ForeignModule> {
  const load = vm.runInThisContext('(specifier) => import(specifier)', {
    filename: join(directory, 'import.js'),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string) => Promise<ForeignModule>;
  return load(specifier);
}

/** A file, as it is now: one that was edited since it was last imported is imported anew. @param url `file://…` */
export async function importFile(url: string): Promise<ForeignModule> {
  const path = fileURLToPath(url);
  const { mtimeMs, size } = await stat(path);
  return importFrom('/', `${url}?v=${mtimeMs}-${size}`);
}

/** A package that is installed. @param directory the folder whose `node_modules` holds it, or a folder below that */
export function importInstalled(directory: string, name: string): Promise<ForeignModule> {
  return importFrom(directory, name);
}
