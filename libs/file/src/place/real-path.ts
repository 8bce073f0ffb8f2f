import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Instance, within } from '#libs/instance';

const MAX_LINKS = 40;

/**
 * The path with every link followed, for paths that need not exist: what is missing is appended to the real path of
 * the deepest part that is there. A link to something missing counts as what it points to, for writing creates that.
 */
async function realPath(path: string, links = MAX_LINKS): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    const above = await realPath(parent, links);
    const here = join(above, basename(path));
    const target = await linkTarget(here);
    return target === undefined || links === 0 ? here : realPath(resolve(above, target), links - 1);
  }
}

/**
 * What permission rules are to judge: the path as it is named, and where it leads when a link takes it elsewhere.
 * That the project itself is reached through a link changes nothing.
 */
export async function namedAndReal({ directory }: Instance, path: string): Promise<string[]> {
  const [real, root] = await Promise.all([realPath(path), realPath(directory)]);
  return real === path || real === resolve(root, relative(directory, path)) ? [path] : [path, real];
}

/** The real place of a path when that is outside the project, else undefined. */
export async function realPlaceOutside(instance: Instance, path: string): Promise<string | undefined> {
  const real = await realPath(path);
  if (instance.contains(real)) return undefined;
  // the project itself may be reached through a link
  const roots = instance.worktree === '/' ? [instance.directory] : [instance.directory, instance.worktree];
  for (const root of roots) if (within(await realPath(root), real)) return undefined;
  return real;
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch {
    return undefined; // missing, or not to be looked at
  }
}
