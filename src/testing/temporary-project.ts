import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ScriptedModel } from './scripted-model.js';
import { makeFolder, removeFolder } from './temporary-folder.js';

const execute = promisify(execFile);

/** @publicApi */
export interface TemporaryProjectOptions {
  /** Files to write, by path relative to the project. */
  files?: Record<string, string>;
  /** Makes it a git repository with one commit of all files. */
  git?: boolean;
  /** The model that `opencode.json` names: provider `scripted`, model `scripted/test`. */
  model?: ScriptedModel;
  /** Further keys of `opencode.json`. */
  config?: Record<string, unknown>;
}

/**
 * A project directory for a test; removed with everything in it at the end.
 *
 * @example
 * await using project = await TemporaryProject.create({ model, files: { 'a.txt': 'hello' } });
 * @publicApi
 */
export class TemporaryProject implements AsyncDisposable {
  private constructor(
    /** Absolute, without links. */
    readonly directory: string,
  ) {}

  static async create(options: TemporaryProjectOptions = {}): Promise<TemporaryProject> {
    const directory = await makeFolder();
    const project = new TemporaryProject(directory);
    for (const [path, content] of Object.entries(options.files ?? {})) await project.write(path, content);
    if (options.model ?? options.config) {
      const config = { ...(options.model ? scriptedProvider(options.model) : {}), ...options.config };
      await project.write('opencode.json', JSON.stringify(config, null, 2));
    }
    if (options.git) await project.commitAll();
    return project;
  }

  /** Absolute path of a file of the project. */
  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  async write(path: string, content: string): Promise<void> {
    const file = this.path(path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  /** Runs git in the project; settings of the user are left out. */
  async git(...args: string[]): Promise<string> {
    const identity = { GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.com' };
    const { stdout } = await execute('git', ['-c', 'init.defaultBranch=main', ...args], {
      cwd: this.directory,
      timeout: 60_000,
      env: {
        ...process.env,
        ...identity,
        GIT_COMMITTER_NAME: identity.GIT_AUTHOR_NAME,
        GIT_COMMITTER_EMAIL: identity.GIT_AUTHOR_EMAIL,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
      },
    });
    return stdout;
  }

  remove(): Promise<void> {
    return removeFolder(this.directory);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  private async commitAll(): Promise<void> {
    await this.git('init', '--quiet');
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', 'start');
  }
}

/** Configuration that makes a scripted model the default model. @publicApi */
export function scriptedProvider(model: ScriptedModel): Record<string, unknown> {
  return {
    model: 'scripted/test',
    small_model: 'scripted/test',
    provider: {
      scripted: {
        name: 'Scripted',
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: model.baseURL, apiKey: 'scripted-key' },
        models: {
          test: { name: 'Test', tool_call: true, reasoning: true, limit: { context: 200_000, output: 8_192 } },
        },
      },
    },
  };
}
