#!/usr/bin/env node
import module from 'node:module';

// before anything heavy is loaded; a bundle or an older runtime may not have it
module.enableCompileCache?.();

// Node's opinion of the modules of plugins is for their authors, and not for who runs a command
const [warn] = process.listeners('warning');
process.removeAllListeners('warning').on('warning', (warning: Error & { code?: string }) => {
  if (warning.name !== 'ExperimentalWarning' && warning.code !== 'MODULE_TYPELESS_PACKAGE_JSON') warn?.(warning);
});

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
