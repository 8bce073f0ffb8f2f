#!/usr/bin/env node
import module from 'node:module';

// before anything heavy is loaded; a bundle or an older runtime may not have it
module.enableCompileCache?.();

const { dispatch } = await import('./cli/dispatch.js');
const code = await dispatch(process.argv.slice(2));
await Promise.all([process.stdout, process.stderr].map(written));
module.flushCompileCache?.();
// what a library or a plugin left open must not keep a process that has done its work
process.exit(code);

/** Resolves when everything printed has left, or never will. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
