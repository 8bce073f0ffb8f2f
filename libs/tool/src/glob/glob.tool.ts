import { join } from 'node:path';
import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { RipgrepRunner, statOf, WITHOUT_GIT } from '#libs/file';
import { askOutside } from '../project-file/outside.js';
import { byModification } from './by-modification.js';
import { GlobInput } from './glob-input.dto.js';

const LIMIT = 100;
const TRUNCATED = `(Results are truncated: showing first ${LIMIT} results. Consider using a more specific path or pattern.)`;

const DESCRIPTION = `Finds files by name.

- Takes globs such as "**/*.test.ts" or "docs/*.md", relative to path. A pattern without "/" matches in every directory.
- Gives absolute paths, most recently changed first, ${LIMIT} at most. Directories are not listed; what .gitignore names is left out unless the pattern fits it.
- To find files by content use grep. Run several searches in parallel when you are not sure of the name.`;

/** Finds files by name. */
@AgentTool({ id: 'glob', description: DESCRIPTION, input: GlobInput })
export class GlobTool implements AgentToolHandler<GlobInput> {
  constructor(private readonly ripgrep: RipgrepRunner) {}

  async execute(input: GlobInput, context: ToolContext): Promise<ToolResult> {
    const { pattern } = input;
    const directory = context.instance.resolve(input.path ?? '.');
    await context.ask({
      permission: 'glob',
      patterns: [pattern],
      always: ['*'],
      metadata: { pattern, ...(input.path === undefined ? {} : { path: input.path }) },
    });
    await askOutside(context, directory, 'directory');
    if (!(await statOf(directory))?.isDirectory()) throw new Error(`No such file or directory: '${directory}'`);
    const files: string[] = [];
    let truncated = false;
    await this.ripgrep.search(
      {
        args: ['--files', '--hidden', '--null', `--glob=${pattern}`, WITHOUT_GIT],
        directory,
        separator: '\0',
        onRecord: (file) => {
          truncated = files.length >= LIMIT;
          if (!truncated) files.push(join(directory, file));
          return !truncated;
        },
      },
      context.signal,
    );
    const sorted = await byModification(files);
    const list = sorted.length > 0 ? sorted.join('\n') : 'No files found';
    return {
      title: context.instance.display(directory),
      output: truncated ? `${list}\n\n${TRUNCATED}` : list,
      metadata: { count: files.length, truncated },
    };
  }
}
