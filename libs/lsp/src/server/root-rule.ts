import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, matchesGlob } from 'node:path';
import { exists, foldersAbove } from '../program/folders.js';

/**
 * Which folder a server is started for. Markers are names or relative paths; one with `*` matches names of a folder.
 *
 * - `near`: the nearest folder above the file, up to the top, that holds a marker of the first group that is found
 *   anywhere; without one the top itself.
 * - `nearest`: the same, but no server without a marker.
 * - `directory`: always the top.
 */
export type RootRule =
  | {
      readonly kind: 'near';
      readonly markers: readonly (readonly string[])[];
      /** With one of these above the file the server is not for it. */
      readonly unless?: readonly string[];
      /** Without a marker the worktree takes the place of the instance directory. */
      readonly otherwise?: 'worktree';
      /** From the folder found on upwards: a folder whose file matches takes its place. */
      readonly widen?: { readonly file: string; readonly holds: RegExp };
    }
  | { readonly kind: 'nearest'; readonly markers: readonly string[] }
  | { readonly kind: 'directory' };

/** Bounds of the search. */
export interface RootSearch {
  /** Absolute path of the file. */
  readonly path: string;
  /** The instance directory, or the worktree for files outside that. */
  readonly top: string;
  /** The worktree; the same as `top` outside git. */
  readonly worktree: string;
}

/** The folder to start a server in for a file; undefined when the server is not for it. */
export async function findRoot(rule: RootRule, { path, top, worktree }: RootSearch): Promise<string | undefined> {
  switch (rule.kind) {
    case 'directory':
      return top;
    case 'nearest':
      return nearest(path, top, rule.markers);
    case 'near': {
      if (rule.unless && (await nearest(path, top, rule.unless)) !== undefined) return undefined;
      let root: string | undefined;
      for (const group of rule.markers) root ??= await nearest(path, top, group);
      root ??= rule.otherwise === 'worktree' ? worktree : top;
      return rule.widen ? widened(root, worktree, rule.widen) : root;
    }
  }
}

async function nearest(path: string, top: string, markers: readonly string[]): Promise<string | undefined> {
  for (const folder of foldersAbove(dirname(path), top)) {
    for (const marker of markers) if (await holds(folder, marker)) return folder;
  }
  return undefined;
}

async function widened(root: string, worktree: string, { file, holds }: { file: string; holds: RegExp }) {
  for (const folder of foldersAbove(root, worktree)) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    if (holds.test(text)) return folder;
  }
  return root;
}

async function holds(folder: string, marker: string): Promise<boolean> {
  if (!marker.includes('*')) return exists(join(folder, marker));
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => matchesGlob(name, marker));
}
