import { Injectable } from '@nestjs/common';
import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ConfigService } from '../config.service.js';
import { fetchText } from '../remote/fetch-text.js';
import { namedFolder, wayUp, withoutProject } from '../sources.js';

/** Text that a person wrote for the agent. */
export interface Instruction {
  /** Absolute path or URL. */
  source: string;
  content: string;
}

/** Names of instruction files in a project; the first kind found is used. */
export const INSTRUCTION_FILES = ['AGENTS.md', 'CLAUDE.md', 'CONTEXT.md'] as const;
/** Bytes of an instruction file; a larger one was not written for a model. */
const MAX_BYTES = 1024 * 1024;
/** What an instruction URL may take. */
const LIMITS = { time: 5_000, size: MAX_BYTES };
/** Folders that no pattern looks into. */
const SKIPPED = new Set(['node_modules', '.git']);

/** The instruction files of an instance, which are part of the system prompt. Read anew each time, so that edits act at once. */
@Injectable()
export class InstructionService {
  constructor(
    private readonly environment: Environment,
    private readonly config: ConfigService,
  ) {}

  /** Project files, then one global file, then the `instructions` of the configuration; each source once. */
  async load(instance: Instance): Promise<Instruction[]> {
    const found: Instruction[] = [];
    for (const source of await this.files(instance)) {
      const content = await readText(source);
      if (content?.trim()) found.push({ source, content });
    }
    const urls = (await this.entries(instance)).filter(isUrl);
    const remote = await Promise.all(urls.map((url) => fetched(url, instance.signal)));
    return [...found, ...remote.flat()];
  }

  /** Absolute paths of the files among them, in their order. */
  async files(instance: Instance): Promise<string[]> {
    const entries = (await this.entries(instance)).filter((entry) => !isUrl(entry));
    const named = await Promise.all(entries.map((entry) => this.matches(instance, entry)));
    const files = [...(await this.projectFiles(instance)), ...(await this.globalFile()), ...named.flat()];
    return [...new Set(files)];
  }

  private async entries(instance: Instance): Promise<string[]> {
    return (await this.config.get(instance)).instructions ?? [];
  }

  private async projectFiles(instance: Instance): Promise<string[]> {
    if (withoutProject(this.environment)) return [];
    for (const name of INSTRUCTION_FILES) {
      const candidates = (await upward(instance)).map((directory) => join(directory, name));
      const present = await Promise.all(candidates.map(async (path) => (await readText(path)) !== undefined));
      const files = candidates.filter((_, index) => present[index]);
      if (files.length > 0) return files;
    }
    return [];
  }

  private async globalFile(): Promise<string[]> {
    const { paths } = this.environment;
    const foreign = !this.environment.flag('OPENCODE_DISABLE_CLAUDE_CODE', 'OPENCODE_DISABLE_CLAUDE_CODE_PROMPT');
    const candidates = [
      ...[...namedFolder(this.environment), paths.config].map((folder) => join(folder, 'AGENTS.md')),
      ...(foreign ? [join(paths.home, '.claude', 'CLAUDE.md')] : []),
    ];
    for (const path of candidates) if ((await readText(path)) !== undefined) return [path];
    return [];
  }

  private async matches(instance: Instance, entry: string): Promise<string[]> {
    const pattern = entry.startsWith('~/') ? join(this.environment.paths.home, entry.slice(2)) : entry;
    if (isAbsolute(pattern)) return collect(pattern, dirname(pattern));
    const roots = withoutProject(this.environment) ? namedFolder(this.environment) : await upward(instance);
    return (await Promise.all(roots.map((cwd) => collect(pattern, cwd)))).flat();
  }
}

/** The instance directory and its parents up to the worktree. */
async function upward(instance: Instance): Promise<string[]> {
  // outside git the worktree is the root of the disk; only the directory itself belongs to the project
  return instance.worktree === '/' ? [instance.directory] : await wayUp(instance);
}

const isUrl = (entry: string) => entry.startsWith('http://') || entry.startsWith('https://');

async function collect(pattern: string, cwd: string): Promise<string[]> {
  const files: string[] = [];
  // folders that begin with a dot are meant too
  const everywhere = pattern.replaceAll('**', '{**,**/.*/**}');
  for await (const path of glob(everywhere, { cwd, exclude: (name) => SKIPPED.has(name) }))
    files.push(isAbsolute(path) ? path : join(cwd, path));
  return files.sort();
}

async function readText(path: string): Promise<string | undefined> {
  try {
    // a pipe or device could keep the prompt waiting for ever
    const stats = await stat(path);
    return stats.isFile() && stats.size <= MAX_BYTES ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined; // absent or not readable: no instructions
  }
}

async function fetched(url: string, signal: AbortSignal): Promise<Instruction[]> {
  const content = await fetchText(url, { ...LIMITS, signal }).catch(() => '');
  return content ? [{ source: url, content }] : [];
}
