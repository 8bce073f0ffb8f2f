import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package as the configuration names it: `name`, `name@1.2.3`, `@scope/name@latest`. */
export interface PackageName {
  name: string;
  version?: string;
}

export function parsePackage(specifier: string): PackageName {
  const at = specifier.lastIndexOf('@');
  if (at <= 0) return { name: specifier };
  const version = specifier.slice(at + 1);
  return { name: specifier.slice(0, at), ...(version !== '' && { version }) };
}

/**
 * The first folder whose `node_modules` holds a package in the version that is asked for; a version that is none, such
 * as a range, takes what is there.
 */
export async function findInstalled(
  { name, version }: PackageName,
  directories: readonly string[],
): Promise<string | undefined> {
  const exact = version !== undefined && /^\d+\.\d+\.\d+/.test(version) ? version : undefined;
  for (const directory of directories) {
    const found = await versionIn(directory, name);
    if (found !== undefined && (exact === undefined || found === exact)) return directory;
  }
  return undefined;
}

/** Whether code in a folder finds a package, there or further up. */
export async function isReachable(name: string, directory: string): Promise<boolean> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if ((await versionIn(folder, name)) !== undefined) return true;
    if (folder === dirname(folder)) return false;
  }
}

async function versionIn(directory: string, name: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(directory, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version?: string }).version ?? '';
  } catch {
    return undefined;
  }
}
