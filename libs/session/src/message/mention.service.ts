import { Injectable } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AgentService } from '#libs/agent';
import type { Agent, AgentPartInput, FilePartInput } from '#libs/contract';
import { Environment } from '#libs/extension';
import { realPlaceOutside } from '#libs/file';
import type { Instance } from '#libs/instance';
import { evaluate } from '#libs/permission';

export type MentionedPart = FilePartInput | AgentPartInput;

/** `@name`, not inside a word (as in an address) and not quoted as code. */
const MENTION = /(?<![\w`])@([^\s`,]+)/g;
const TRAILING = /[.;:!?)\]}'"]+$/;

/** Finds the files and agents that a text names with `@`. */
@Injectable()
export class MentionService {
  constructor(
    private readonly agents: AgentService,
    private readonly environment: Environment,
  ) {}

  /** In the text of a person: files anywhere. What is neither file nor agent is text. */
  inText(instance: Instance, text: string): Promise<MentionedPart[]> {
    return this.find(instance, text, () => Promise.resolve(true));
  }

  /** In the text of a model: only files of the project that its reader may read without a question. */
  inTaskPrompt(instance: Instance, text: string, reader: Agent): Promise<MentionedPart[]> {
    return this.find(instance, text, async (path) => {
      if (!instance.contains(path) || (await realPlaceOutside(instance, path)) !== undefined) return false;
      return evaluate('read', path, reader.permission).action === 'allow';
    });
  }

  private async find(
    instance: Instance,
    text: string,
    mayRead: (path: string) => Promise<boolean>,
  ): Promise<MentionedPart[]> {
    const names = new Set([...text.matchAll(MENTION)].flatMap(([, name]) => name ?? []));
    const parts = new Map<string, MentionedPart>();
    const agents = names.size > 0 ? await this.agents.list(instance) : [];
    for (const name of names) {
      const part = await this.part(instance, name, agents, mayRead);
      if (part) parts.set(part.type === 'file' ? part.url : `@${part.name}`, part);
    }
    return [...parts.values()];
  }

  private async part(
    instance: Instance,
    name: string,
    agents: readonly Agent[],
    mayRead: (path: string) => Promise<boolean>,
  ): Promise<MentionedPart | undefined> {
    // a sentence may end behind the name
    for (const candidate of new Set([name, name.replace(TRAILING, '')])) {
      if (candidate === '') continue;
      for (const path of this.places(instance, candidate)) {
        const mime = await mimeOf(path);
        if (mime === undefined) continue;
        if (!(await mayRead(path))) return undefined;
        return { type: 'file', url: pathToFileURL(path).href, filename: candidate, mime };
      }
      if (agents.some((agent) => agent.name === candidate)) return { type: 'agent', name: candidate };
    }
    return undefined;
  }

  /** Where a named file may be: in the worktree, in the directory, in the home directory. */
  private places(instance: Instance, name: string): string[] {
    if (name.startsWith('~/')) return [join(this.environment.paths.home, name.slice(2))];
    const roots = instance.worktree === '/' ? [instance.directory] : [instance.worktree, instance.directory];
    return [...new Set(roots.map((root) => resolve(root, name)))];
  }
}

async function mimeOf(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return 'application/x-directory';
  return stats?.isFile() ? 'text/plain' : undefined;
}
