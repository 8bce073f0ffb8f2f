import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolContext } from '#libs/extension';
import { statOf } from '#libs/file';
import { InstanceState, within } from '#libs/instance';
import { MAX_BYTES } from '../output/limit-output.js';
import { placeOutside } from '../project-file/outside.js';

const NAMES = ['AGENTS.md', 'CLAUDE.md', 'CONTEXT.md'];

export interface InstructionFile {
  /** Absolute. */
  path: string;
  text: string;
}

/** Finds the instructions that sub-directories of a project keep for agents; a session gets each of them once. */
@Injectable()
export class InstructionFileService {
  private readonly loaded = new InstanceState(() => new Map<string, Set<string>>());

  /**
   * Those that concern a file and that the session does not have yet, nearest first. The instance directory and what
   * is above it belong to the system prompt.
   */
  async take({ instance, sessionID }: ToolContext, file: string): Promise<InstructionFile[]> {
    const sessions = this.loaded.get(instance);
    const known = sessions.get(sessionID) ?? new Set<string>();
    sessions.set(sessionID, known);
    const found: InstructionFile[] = [];
    let directory = dirname(file);
    for (; directory !== instance.directory && within(instance.directory, directory); directory = dirname(directory)) {
      const path = await firstIn(directory);
      if (path === undefined || path === file || known.has(path)) continue;
      known.add(path); // before anything is awaited: parallel reads must not both give it
      // a link to another place would be read without leave
      if ((await placeOutside(instance, path)) !== undefined) continue;
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined) found.push({ path, text: text.slice(0, MAX_BYTES) });
    }
    return found;
  }
}

async function firstIn(directory: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = join(directory, name);
    if ((await statOf(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}
