import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { within } from '#libs/instance';

/** A folder and those that hold it, up to and including `top`. */
export function* foldersAbove(folder: string, top: string): Generator<string> {
  for (let current = folder; within(top, current); current = dirname(current)) {
    yield current;
    if (current === top || dirname(current) === current) return;
  }
}

/** Whether there is anything at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
