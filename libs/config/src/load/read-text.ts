import { readFile, stat } from 'node:fs/promises';
import { ConfigJsonError } from '#libs/contract';

/**
 * The text of a configuration file; undefined when there is none.
 * @throws ConfigJsonError when it is there and cannot be read
 */
export async function readConfigText(path: string): Promise<string | undefined> {
  try {
    // a pipe or device could keep the server waiting for ever
    if (!(await stat(path)).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ConfigJsonError({ path, message: `${path} cannot be read (${code})` });
  }
}
