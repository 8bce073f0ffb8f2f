import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const execute = promisify(execFile);

export interface Outcome {
  stdout: string;
  stderr: string;
}

/** Runs a program; rejects with all it printed when it fails. */
export async function run(command: string, args: readonly string[], cwd: string, env = process.env): Promise<Outcome> {
  try {
    const running = execute(command, args, { cwd, env, timeout: 240_000, maxBuffer: 32 * 1024 * 1024 });
    // `opencode run` reads what is piped in
    running.child.stdin?.end();
    return await running;
  } catch (error) {
    const { stdout, stderr, code, signal } = error as Outcome & { code?: number | string; signal?: string };
    const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
    throw new Error(`${command} ${args.join(' ')} ${how}:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** A folder in which the packed package is installed, as somebody else would have it. */
export class Scratch implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    /** Paths of the files in the package. */
    readonly files: readonly string[],
  ) {}

  /** Packs this repository and installs the tarball with further packages. */
  static async create(packages: Record<string, string>): Promise<Scratch> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'opencode-packed-')));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], ROOT);
    // the build prints before the list
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
      { filename: string; files: { path: string }[] },
    ];
    const dependencies = { 'opencode-nest': `file:${packed.filename}`, ...packages };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], folder);
    return new Scratch(
      folder,
      packed.files.map(({ path }) => path),
    );
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Copies a folder of the repository, installed and built things left out. */
  async copy(folder: string): Promise<string> {
    const target = this.path(folder);
    const skipped = /\/(node_modules|dist)$/;
    await cp(join(ROOT, folder), target, { recursive: true, filter: (path) => !skipped.test(path) });
    return target;
  }

  async write(path: string, content: string): Promise<void> {
    await writeFile(this.path(path), content);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  /** A program that an installed package brings. */
  bin(name: string): string {
    return this.path('node_modules/.bin', name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
