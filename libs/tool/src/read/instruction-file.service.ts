import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { INSTRUCTION_FILES, InstructionService } from '#libs/config';
import type { Part } from '#libs/contract';
import type { ToolContext } from '#libs/extension';
import { statOf } from '#libs/file';
import { InstanceState, RecentMap, within } from '#libs/instance';
import { MAX_BYTES } from '../output/limit-output.js';
import { placeOutside } from '../project-file/outside.js';

/** Sessions that may be reading at the same time. */
const REMEMBERED = 1_000;

export interface InstructionFile {
  /** Absolute. */
  path: string;
  text: string;
}

/** What the reads of one message took. */
interface Claims {
  messageID: string;
  paths: Set<string>;
}

/** Finds the instructions that sub-directories of a project keep for agents; a conversation has each of them once. */
@Injectable()
export class InstructionFileService {
  /** By session, of its newest message: the conversation knows those before it. */
  private readonly claims = new InstanceState(() => new RecentMap<string, Claims>(REMEMBERED));

  constructor(private readonly instructions: InstructionService) {}

  /**
   * Those that concern a file and that neither the system prompt nor the conversation has (any more, after a summary),
   * nearest first. The instance directory and what is above it belong to the system prompt.
   */
  async take(context: ToolContext, file: string): Promise<InstructionFile[]> {
    const { instance, messages } = context;
    const known = new Set(messages.flatMap(({ parts }) => parts.flatMap(loadedBy)));
    const claimed = this.claimed(context);
    const found: InstructionFile[] = [];
    let inPrompt: Promise<string[]> | undefined;
    let directory = dirname(file);
    for (; directory !== instance.directory && within(instance.directory, directory); directory = dirname(directory)) {
      const path = await firstIn(directory);
      if (path === undefined || path === file || known.has(path) || claimed.has(path)) continue;
      claimed.add(path); // before anything is awaited: parallel reads must not both give it
      if ((await (inPrompt ??= this.instructions.files(instance))).includes(path)) continue;
      // a link to another place would be read without leave
      if ((await placeOutside(instance, path)) !== undefined) continue;
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined) found.push({ path, text: text.slice(0, MAX_BYTES) });
    }
    return found;
  }

  private claimed({ instance, sessionID, messageID }: ToolContext): Set<string> {
    const sessions = this.claims.get(instance);
    const before = sessions.get(sessionID);
    if (before?.messageID === messageID) return before.paths;
    const paths = new Set<string>();
    sessions.set(sessionID, { messageID, paths });
    return paths;
  }
}

/** The instructions that a read gave, as long as its output is part of the conversation. */
function loadedBy(part: Part): string[] {
  if (part.type !== 'tool' || part.tool !== 'read' || part.state.status !== 'completed') return [];
  const { loaded } = part.state.metadata;
  if (part.state.time.compacted !== undefined || !Array.isArray(loaded)) return [];
  return loaded.filter((path) => typeof path === 'string');
}

async function firstIn(directory: string): Promise<string | undefined> {
  for (const name of INSTRUCTION_FILES) {
    const path = join(directory, name);
    if ((await statOf(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}
