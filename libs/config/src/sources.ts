import { realpath } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '#libs/extension';
import { type Instance, isDirectory, within } from '#libs/instance';
import { ReadTrail } from './reload/read-trail.js';

/** In this order wherever both are read in one folder: `.json` wins. */
export const FILE_NAMES = ['opencode.jsonc', 'opencode.json'];
export const FOLDER = '.opencode';

/** Configuration of the user, later wins. */
export function globalFiles({ paths }: Environment): string[] {
  return ['config.json', 'opencode.json', 'opencode.jsonc'].map((name) => join(paths.config, name));
}

/** The file named by `OPENCODE_CONFIG`. */
export function namedFiles({ variables, directory }: Environment): string[] {
  const named = variables['OPENCODE_CONFIG'];
  return named ? [resolve(directory, named)] : [];
}

/** The folder named by `OPENCODE_CONFIG_DIR`. */
export function namedFolder({ variables, directory }: Environment): string[] {
  const named = variables['OPENCODE_CONFIG_DIR'];
  return named ? [resolve(directory, named)] : [];
}

/** Files on the way from the worktree to the directory, later wins: all `.jsonc` before all `.json`. */
export async function projectFiles(environment: Environment, instance: Instance): Promise<string[]> {
  if (withoutProject(environment)) return [];
  const folders = (await wayUp(instance)).reverse();
  return FILE_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Folders with configuration, agents, commands and so on, later wins. Those of the user need not exist. */
export async function configDirectories(
  environment: Environment,
  instance: Instance,
  trail = new ReadTrail(),
): Promise<string[]> {
  const { paths } = environment;
  const own = withoutProject(environment) ? [] : (await wayUp(instance)).map((folder) => join(folder, FOLDER));
  const found = await Promise.all(
    [...own, join(paths.home, FOLDER)].map(async (each) => {
      await trail.note(each);
      return (await isDirectory(each)) ? [each] : [];
    }),
  );
  return [...new Set([paths.config, ...found.flat(), ...namedFolder(environment)])];
}

/** Files in a folder of {@link configDirectories}; those of the user were read as {@link globalFiles}. */
export function directoryFiles(environment: Environment, folder: string): string[] {
  if (folder === environment.paths.config && !namedFolder(environment).includes(folder)) return [];
  return FILE_NAMES.map((name) => join(folder, name));
}

/** Configuration by the administrator of the machine: over everything else. */
export function managedFiles({ variables }: Environment): string[] {
  const folder = variables['OPENCODE_TEST_MANAGED_CONFIG_DIR'] || managedFolder(variables['ProgramData']);
  return FILE_NAMES.map((name) => join(folder, name));
}

function managedFolder(programData: string | undefined): string {
  switch (platform()) {
    case 'darwin':
      return '/Library/Application Support/opencode';
    case 'win32':
      return join(programData || 'C:\\ProgramData', 'opencode');
    default:
      return '/etc/opencode';
  }
}

/** The directory and its parents up to the worktree, innermost first. */
export async function wayUp({ directory, worktree }: Instance): Promise<string[]> {
  // reached through a link its parents are not those of the project
  const start = within(worktree, directory) ? directory : await realpath(directory).catch(() => directory);
  const folders = [start];
  if (!within(worktree, start)) return folders;
  for (let folder = start; folder !== worktree && folder !== dirname(folder);) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

export function withoutProject(environment: Environment): boolean {
  return environment.flag('OPENCODE_DISABLE_PROJECT_CONFIG');
}
