import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigInvalidError } from '#libs/contract';
import type { LoadContext } from './load-context.js';

const ENV = /\{env:([^}]+)\}/g;
const FILE = /\{file:([^}]+)\}/g;

/**
 * Replaces `{env:NAME}` and `{file:path}` in the text of a configuration file, before it is parsed.
 * @param path of the configuration file: relative references start at its folder
 * @throws ConfigInvalidError when a file that is referred to cannot be read
 */
export async function substitute(text: string, path: string, context: LoadContext): Promise<string> {
  const { variables } = context;
  const withVariables = text.replace(ENV, (_match, name: string) => variables[name] ?? '');
  /** Shows placeholders instead of what they stand for. */
  const mask = (message: string) =>
    [...text.matchAll(ENV)].reduce(
      (shown, [token, name = '']) => shown.replaceAll(variables[name] || token, token),
      message,
    );
  const pieces: string[] = [];
  let end = 0;
  for (const match of withVariables.matchAll(FILE)) {
    if (isInComment(withVariables, match.index)) continue;
    const { content, problem } = await read(locate(match[1] ?? '', path, context.paths.home), context);
    if (problem) throw new ConfigInvalidError({ path, message: mask(`bad file reference: "${match[0]}" ${problem}`) });
    pieces.push(withVariables.slice(end, match.index), content);
    end = match.index + match[0].length;
  }
  return pieces.join('') + withVariables.slice(end);
}

/** Only lines that are comments as a whole count: a comment behind data is replaced like data. */
function isInComment(text: string, index: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
  return line.trimStart().startsWith('//');
}

async function read(file: string, { trail }: LoadContext): Promise<{ content: string; problem?: string }> {
  await trail.note(file);
  try {
    // a pipe or device could keep the server waiting for ever
    if (!(await stat(file)).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    const content = (await readFile(file, 'utf8')).trim();
    return { content: JSON.stringify(content).slice(1, -1) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { content: '', problem: missing ? `${file} does not exist` : `${file} cannot be read (${code})` };
  }
}

function locate(name: string, path: string, home: string): string {
  if (name.startsWith('~/')) return join(home, name.slice(2));
  return isAbsolute(name) ? name : resolve(dirname(path), name);
}
