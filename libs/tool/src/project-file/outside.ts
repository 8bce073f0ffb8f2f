import { dirname, join } from 'node:path';
import type { ToolContext } from '#libs/extension';
import { realPlaceOutside } from '#libs/file';
import type { Instance } from '#libs/instance';

/** The path itself, or what it links to, whichever is outside the project; undefined when neither is. */
export async function placeOutside(instance: Instance, path: string): Promise<string | undefined> {
  return instance.contains(path) ? realPlaceOutside(instance, path) : path;
}

/** What a path outside is asked for: everything in one directory. */
export const everythingIn = (directory: string): string => join(directory, '*');

/** Asks to leave the project when a path does; for a file its directory is asked for. */
export async function askOutside(context: ToolContext, path: string, kind: 'file' | 'directory'): Promise<void> {
  const place = await placeOutside(context.instance, path);
  if (place === undefined) return;
  const parentDir = kind === 'directory' ? place : dirname(place);
  const patterns = [everythingIn(parentDir)];
  await context.ask({
    permission: 'external_directory',
    patterns,
    always: patterns,
    metadata: { filepath: place, parentDir },
  });
}
