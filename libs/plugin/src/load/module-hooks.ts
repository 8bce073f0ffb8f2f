import { readFileSync } from 'node:fs';
import type NodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** What a relative import without an ending may mean, in this order. */
const ENDINGS = ['.ts', '.js', '.mjs', '/index.ts', '/index.js'];
const IN_PACKAGE = /\/node_modules\/.*\.[cm]?ts$/;
const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * Plugins are written for a runtime that takes more than Node does. Two things are added, for what Node would refuse and
 * nothing else: TypeScript inside of packages, and relative imports without an ending, which even the package of the
 * helpers has. To be called once, before the first plugin is imported; what runs without plugins never meets it.
 */
export function acceptPluginModules({ registerHooks, stripTypeScriptTypes }: typeof NodeModule): void {
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        for (const candidate of isRelative(specifier) ? candidatesOf(specifier) : []) {
          try {
            return next(candidate, context);
          } catch {
            // another one may be there
          }
        }
        throw error;
      }
    },
    load(url, context, next) {
      const file = url.split('?', 1)[0] ?? url;
      if (!file.startsWith('file:') || !IN_PACKAGE.test(file)) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(file), 'utf8'), { mode: 'strip', sourceUrl: url });
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

const isRelative = (specifier: string) => /^\.\.?(?:\/|$)/.test(specifier);

function candidatesOf(specifier: string): string[] {
  // sources of TypeScript name what they are compiled to
  if (SCRIPT.test(specifier)) return [specifier.replace(/js$/, 'ts')];
  return ENDINGS.map((ending) => `${specifier.replace(/\/$/, '')}${ending}`);
}
