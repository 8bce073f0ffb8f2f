import ignore, { type Ignore } from 'ignore';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** In the order of their weight: what one says of a path at any depth outweighs the next ones. */
const NAMES = ['.rgignore', '.ignore', '.gitignore'];

/** Bytes of an ignore file that are read. */
const MAX_SIZE = 1024 * 1024;

/**
 * What the ignore files of a project say about its paths, as git and ripgrep understand them: a deeper file outweighs
 * the ones above it, and what lies in an ignored directory is ignored whatever is said of it. Each file is read once,
 * so an object serves one question or one batch of them.
 */
export class IgnoreRules {
  private readonly files = new Map<string, Promise<Ignore | undefined>>();
  private readonly directories = new Map<string, Promise<boolean>>();

  /**
   * @param root absolute; paths are relative to it, with `/`
   * @param git whether `.gitignore` and `.git/info/exclude` count
   */
  constructor(
    private readonly root: string,
    private readonly git: boolean,
  ) {}

  async ignores(path: string, isDirectory: boolean): Promise<boolean> {
    const parent = dirname(path);
    if (parent !== '.' && (await this.directory(parent))) return true;
    return this.says(path, isDirectory);
  }

  private directory(path: string): Promise<boolean> {
    const known = this.directories.get(path) ?? this.ignores(path, true);
    this.directories.set(path, known);
    return known;
  }

  private async says(path: string, isDirectory: boolean): Promise<boolean> {
    const suffix = isDirectory ? '/' : '';
    for (const name of this.git ? NAMES : NAMES.slice(0, 2)) {
      for (let level = dirname(path); ; level = dirname(level)) {
        const below = level === '.' ? path : path.slice(level.length + 1);
        const { ignored, unignored } = (await this.file(join(level, name)))?.test(below + suffix) ?? {};
        if (ignored || unignored) return ignored === true;
        if (level === '.') break;
      }
    }
    return this.git && ((await this.file('.git/info/exclude'))?.ignores(path + suffix) ?? false);
  }

  private file(path: string): Promise<Ignore | undefined> {
    const known = this.files.get(path) ?? load(join(this.root, path));
    this.files.set(path, known);
    return known;
  }
}

async function load(file: string): Promise<Ignore | undefined> {
  // mostly there is none; a directory of that name, or one that must not be read, says nothing either
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : ignore().add(text.slice(0, MAX_SIZE));
}
