import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

type Module = Record<string, unknown>;

/**
 * `import()` of a file outside the program. Inside the single executable the ordinary one knows built-in modules only;
 * this one works everywhere, top-level await and packages of the file's surroundings included.
 */
const importFile = vm.runInThisContext('(url) => import(url)', {
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<Module>;

/**
 * Imports a package that is not part of the program.
 *
 * @param specifier its name, perhaps with a path inside it, or a `file://` address
 * @param directory the folder of the package, when it is not installed beside the program
 */
export async function importPackage(specifier: string, directory?: string): Promise<Module> {
  if (specifier.startsWith('file://')) return await importFile(specifier);
  if (directory === undefined) return (await import(specifier)) as Module;
  return await importFile(pathToFileURL(await entryOf(specifier, directory)).href);
}

async function entryOf(specifier: string, directory: string): Promise<string> {
  const manifest = join(directory, 'package.json');
  try {
    return createRequire(manifest).resolve(specifier);
  } catch (error) {
    // packages for import only cannot be resolved in that way
    const { name = '', exports } = JSON.parse(await readFile(manifest, 'utf8')) as { name?: string; exports?: unknown };
    const target = targetOf(exports, `.${specifier.slice(name.length)}`);
    if (target === undefined) throw error;
    return join(directory, target);
  }
}

function targetOf(exports: unknown, path: string): string | undefined {
  if (typeof exports === 'string') return path === '.' ? exports : undefined;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const entries = exports as Record<string, unknown>;
  if (path in entries) return conditional(entries[path]);
  return path === '.' ? conditional(entries) : undefined;
}

function conditional(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    const found = ['node', 'import', 'module', 'default'].includes(condition) ? conditional(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
