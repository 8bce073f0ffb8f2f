#!/usr/bin/env node
import module from 'node:module';

// before anything heavy is loaded; a bundle or an older runtime may not have it
module.enableCompileCache?.();

const { dispatch } = await import('./cli/dispatch.js');
process.exitCode = await dispatch(process.argv.slice(2));

export {};
