import { readFileSync } from 'node:fs';
import type NodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ModuleFiles } from './module-files.js';

/** What a relative import without an ending may mean, in this order. */
const ENDINGS = ['.ts', '.js', '.mjs', '/index.ts', '/index.js'];
const IN_PACKAGE = /\/node_modules\//;
const TYPESCRIPT = /\.[cm]?ts$/;
const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * Plugins are written for a runtime that takes more than Node does. Two things are added, for what Node would refuse and
 * nothing else: TypeScript inside of packages, and relative imports without an ending, which even the package of the
 * helpers has. A third is for what they import of their own: it is imported as it is now. To be called once, before the
 * first plugin is imported; what runs without plugins never meets it.
 */
export function acceptPluginModules(
  { registerHooks, stripTypeScriptTypes }: typeof NodeModule,
  files: ModuleFiles,
): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = withEnding(specifier, (candidate) => next(candidate, context));
      const importer = pathOf(context.parentURL);
      const path = pathOf(found.url);
      if (importer === undefined || path === undefined || !files.has(importer) || IN_PACKAGE.test(found.url))
        return found;
      const query = files.queryOf(path, importer);
      // what is required is known by its path alone
      if (context.conditions.includes('require') || found.url.includes('?')) return found;
      return { ...found, url: `${found.url}${query}` };
    },
    load(url, context, next) {
      const path = pathOf(url);
      if (path === undefined || !IN_PACKAGE.test(url) || !TYPESCRIPT.test(path)) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(path, 'utf8'), { mode: 'strip', sourceUrl: url });
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

/** The path of a file without what its address ends with. */
function pathOf(url = ''): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined;
}

function withEnding<T>(specifier: string, resolve: (candidate: string) => T): T {
  try {
    return resolve(specifier);
  } catch (error) {
    for (const candidate of isRelative(specifier) ? candidatesOf(specifier) : []) {
      try {
        return resolve(candidate);
      } catch {
        // another one may be there
      }
    }
    throw error;
  }
}

const isRelative = (specifier: string) => /^\.\.?(?:\/|$)/.test(specifier);

function candidatesOf(specifier: string): string[] {
  // sources of TypeScript name what they are compiled to
  if (SCRIPT.test(specifier)) return [specifier.replace(/js$/, 'ts')];
  return ENDINGS.map((ending) => `${specifier.replace(/\/$/, '')}${ending}`);
}
