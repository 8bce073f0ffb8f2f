import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigInvalidError } from '#libs/contract';

/** What placeholders may refer to. */
export interface PlaceholderSource {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly paths: { readonly home: string };
}

const ENV = /\{env:([^}]+)\}/g;
const FILE = /\{file:([^}]+)\}/g;

/**
 * Replaces `{env:NAME}` and `{file:path}` in the text of a configuration file, before it is parsed.
 * @param path of the configuration file: relative references start at its folder
 * @throws ConfigInvalidError when a file that is referred to cannot be read
 */
export async function substitute(text: string, path: string, source: PlaceholderSource): Promise<string> {
  const withVariables = text.replace(ENV, (_match, name: string) => source.variables[name] ?? '');
  const pieces: string[] = [];
  let end = 0;
  for (const match of withVariables.matchAll(FILE)) {
    if (isInComment(withVariables, match.index)) continue;
    pieces.push(withVariables.slice(end, match.index), await contentOf(match[1] ?? '', match[0], path, source));
    end = match.index + match[0].length;
  }
  return pieces.join('') + withVariables.slice(end);
}

/** Only lines that are comments as a whole count: a comment behind data is replaced like data. */
function isInComment(text: string, index: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
  return line.trimStart().startsWith('//');
}

async function contentOf(name: string, token: string, path: string, { paths }: PlaceholderSource): Promise<string> {
  const file = locate(name, path, paths.home);
  try {
    // a pipe or device could keep the server waiting for ever
    if (!(await stat(file)).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    const content = (await readFile(file, 'utf8')).trim();
    return JSON.stringify(content).slice(1, -1);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    const why = missing ? `${file} does not exist` : `${file} cannot be read (${code})`;
    throw new ConfigInvalidError({ path, message: `bad file reference: "${token}" ${why}` });
  }
}

function locate(name: string, path: string, home: string): string {
  if (name.startsWith('~/')) return join(home, name.slice(2));
  return isAbsolute(name) ? name : resolve(dirname(path), name);
}
