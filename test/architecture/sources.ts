import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments and without what stands in quotes. */
  readonly code: string;
}

export interface Import {
  readonly specifier: string;
  /** Whether it is loaded when the importing file is. */
  readonly eager: boolean;
}

/** All TypeScript files below some folders of the repository. */
export function readSources(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file, 'utf8');
        return { path: relative(ROOT, file).replaceAll('\\', '/'), text, code: strip(text) };
      }),
  );
}

/** Reads import statements with plain patterns: independent of the tools whose settings the specs guard. */
export function importsOf({ text }: Pick<Source, 'text'>): Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm;
  for (const [whole, type, specifier] of text.matchAll(statement)) {
    const names = /\{([^}]*)\}/.exec(whole)?.[1];
    const onlyTypes =
      names !== undefined &&
      !/^(?:import|export)\s+\w/.test(whole) &&
      names
        .split(',')
        .filter((name) => name.trim() !== '')
        .every((name) => name.trim().startsWith('type '));
    found.push({ specifier: specifier!, eager: type === undefined && !onlyTypes });
  }
  for (const [, specifier] of text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]/g))
    found.push({ specifier: specifier!, eager: false });
  return found;
}

function strip(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
    (match) => (match.startsWith('/') ? '' : '""') + '\n'.repeat(match.split('\n').length - 1),
  );
}
