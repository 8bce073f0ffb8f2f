import { join } from 'node:path';
import vm from 'node:vm';

export type ForeignModule = Readonly<Record<string, unknown>>;

/**
 * `import()` as if it stood in a file of a folder, for what is not part of the program. Inside the single executable the
 * ordinary one knows built-in modules only; this one works everywhere, with TypeScript, top-level await and the packages
 * that the folder sees.
 *
 * @param directory absolute path
 * @param specifier a package, a path from the folder on, or a `file://` address
 */
export function importFrom(directory: string, specifier: string): Promise<ForeignModule> {
  const load = vm.runInThisContext('(specifier) => import(specifier)', {
    filename: join(directory, 'import.js'),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string) => Promise<ForeignModule>;
  return load(specifier);
}

/**
 * Imports a package that is not part of the program.
 *
 * @param specifier its name, perhaps with a path inside it, or a `file://` address
 * @param directory the folder of the package, when it is not installed beside the program
 */
export async function importPackage(specifier: string, directory?: string): Promise<ForeignModule> {
  if (specifier.startsWith('file://')) return importFrom('/', specifier);
  return directory === undefined ? ((await import(specifier)) as ForeignModule) : importFrom(directory, specifier);
}
