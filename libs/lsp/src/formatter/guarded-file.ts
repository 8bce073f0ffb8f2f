import { chmod, readFile, stat, writeFile } from 'node:fs/promises';

/** Permissions of a file in its mode. */
const PERMISSIONS = 0o777;

/** A file that a formatter gets, with what is needed to lose nothing should that go wrong. */
export class GuardedFile {
  private constructor(
    private readonly path: string,
    private readonly bytes: Buffer,
    private readonly mode: number,
  ) {}

  static async open(path: string): Promise<GuardedFile> {
    const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)]);
    return new GuardedFile(path, bytes, mode & PERMISSIONS);
  }

  /**
   * Puts back text that is gone, and the permissions. Resolves with what was done to the text.
   *
   * @param interrupted the formatter was ended, perhaps while it wrote
   */
  async mend(interrupted: boolean): Promise<string | undefined> {
    const { path, bytes, mode } = this;
    const stats = await stat(path).catch(() => undefined);
    const emptied = stats?.size === 0 && bytes.toString().trim() !== '';
    if (!stats || emptied || (interrupted && !(await readFile(path)).equals(bytes))) await writeFile(path, bytes);
    if (!stats || (stats.mode & PERMISSIONS) !== mode) await chmod(path, mode);
    if (!stats) return 'it deleted the file, which was put back';
    return emptied ? 'it emptied the file, whose text was put back' : undefined;
  }
}
