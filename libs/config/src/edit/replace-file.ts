import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WireError } from '#libs/contract';

/** Of a new file: it may hold keys. */
const PRIVATE = 0o600;

/**
 * Puts a text in the place of a file at once: a reader sees the old text or the new one, also after a crash. A link
 * stays a link, and who may read the file stays as it is.
 * @throws WireError 500 `ConfigWriteError`
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const target = await realpath(path).catch(() => path);
    const mode = await stat(target).then(
      (stats) => stats.mode & 0o777,
      () => PRIVATE,
    );
    const temporary = `${target}.${randomUUID()}.tmp`;
    try {
      await write(temporary, text, mode);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    const message = `${path} cannot be written (${String((error as NodeJS.ErrnoException).code)})`;
    throw new WireError('ConfigWriteError', 500, { path, message }, { cause: error });
  }
}

async function write(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    // the umask does not count for what was allowed before
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
