import { Injectable } from '@nestjs/common';
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FileNode } from '#libs/contract';
import { type Instance, within } from '#libs/instance';
import { ifThere, projectPath } from '../place/project-path.js';
import { slashes } from '../place/slashes.js';
import { IgnoreRules } from './ignore-rules.js';

const HIDDEN: ReadonlySet<string> = new Set(['.git', '.DS_Store']);
const { compare } = new Intl.Collator('en');

/** Entries of directories. @publicApi */
@Injectable()
export class FileListService {
  /**
   * Directories first, then by name. Links count as files, also those that lead to directories. Empty for what is
   * missing or no directory.
   * @param path relative to the directory; 403 when it leads out of the project
   */
  async list(instance: Instance, path: string): Promise<FileNode[]> {
    const directory = await projectPath(instance, path);
    const entries = await ifThere(path, () => entriesOf(directory));
    if (!entries) return [];
    const ignored = ignoredIn(instance, directory);
    const nodes = await Promise.all(
      entries.map(async (entry) => {
        const absolute = join(directory, entry.name);
        return {
          name: entry.name,
          path: slashes(relative(instance.directory, absolute)),
          absolute,
          type: entry.isDirectory() ? ('directory' as const) : ('file' as const),
          ignored: await ignored(entry),
        };
      }),
    );
    return nodes.sort((a, b) => (a.type === b.type ? compare(a.name, b.name) : a.type === 'directory' ? -1 : 1));
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  for await (const entry of await opendir(directory)) if (!HIDDEN.has(entry.name)) entries.push(entry);
  return entries;
}

function ignoredIn({ project, worktree }: Instance, directory: string): (entry: Dirent) => Promise<boolean> {
  if (project.vcs !== 'git' || !within(worktree, directory)) return async () => false;
  const rules = new IgnoreRules(worktree, true);
  const at = slashes(relative(worktree, directory));
  return (entry) => rules.ignores(at === '' ? entry.name : `${at}/${entry.name}`, entry.isDirectory());
}
