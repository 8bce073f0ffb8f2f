import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder; its path is absolute and without links. */
export const makeFolder = async (): Promise<string> => realpath(await mkdtemp(join(tmpdir(), 'opencode-test-')));

/** Removes a folder with everything in it, also while a program that ends still writes there. */
export const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
