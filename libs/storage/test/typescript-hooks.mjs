// Lets a child process run the TypeScript sources of the libs as they are, decorators included.
import { transformSync } from '@swc/core';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const libs = new URL('../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('#libs/')) return next(new URL(`${specifier.slice(6)}/src/index.ts`, libs).href, context);
    const fromSource = context.parentURL?.endsWith('.ts') && /^\.{1,2}\//.test(specifier);
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
