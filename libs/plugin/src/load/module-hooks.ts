import { readFileSync } from 'node:fs';
import type NodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** What a relative import without an ending may mean, in this order. */
const ENDINGS = ['.ts', '.js', '.mjs', '/index.ts', '/index.js'];
const IN_PACKAGE = /\/node_modules\/.*\.[cm]?ts$/;
const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * Plugins are written for a runtime that takes more than Node does. Two things are added, for the files that Node would
 * refuse and no others: TypeScript inside of packages, and relative imports of TypeScript without an ending. To be
 * called once, before the first plugin is imported; what runs without plugins never meets it.
 */
export function acceptPluginModules({ registerHooks, stripTypeScriptTypes }: typeof NodeModule): void {
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        const target = isRelative(specifier) && isTypeScript(context.parentURL) ? specifier : undefined;
        for (const candidate of target === undefined ? [] : candidatesOf(target)) {
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

const isTypeScript = (url: string | undefined) => /\.[cm]?ts(?:\?|$)/.test(url ?? '');

function candidatesOf(specifier: string): string[] {
  const source = SCRIPT.test(specifier) ? [specifier.replace(/js$/, 'ts')] : [];
  return [...source, ...ENDINGS.map((ending) => `${specifier.replace(/\/$/, '')}${ending}`)];
}
