import { dirname, sep } from 'node:path';
import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { assertOrdinary, RipgrepRunner, statOf, WITHOUT_GIT } from '#libs/file';
import { askOutside } from '../project-file/outside.js';
import { GrepInput } from './grep-input.dto.js';
import { LIMIT, MatchList } from './match-list.js';

const DESCRIPTION = `Searches the contents of files.

- Takes a regular expression in Rust syntax, case-sensitive; start it with "(?i)" to ignore case. Escape what is meant literally: "interface\\{\\}". One line at a time: no match spans lines.
- Gives path, line number and line, most recently changed files first, ${LIMIT} matches at most.
- Narrow the search with include ("*.ts") and path. Ignored, binary and .git files are not searched.
- To find files by name use glob.`;

/** Searches the contents of files. */
@AgentTool({ id: 'grep', description: DESCRIPTION, input: GrepInput })
export class GrepTool implements AgentToolHandler<GrepInput> {
  constructor(private readonly ripgrep: RipgrepRunner) {}

  async execute(input: GrepInput, context: ToolContext): Promise<ToolResult> {
    const { pattern, path, include } = input;
    if (pattern === '') throw new Error('pattern is required');
    await context.ask({
      permission: 'grep',
      patterns: [pattern],
      always: ['*'],
      metadata: { pattern, ...(path === undefined ? {} : { path }), ...(include === undefined ? {} : { include }) },
    });
    const place = context.instance.resolve(path ?? '.');
    await askOutside(context, place, 'directory');
    const matches = new MatchList();
    const stats = await statOf(place);
    assertOrdinary(place, stats);
    if (stats) {
      const result = await this.ripgrep.search(
        {
          args: searchArguments(pattern, include, place),
          directory: stats.isDirectory() ? place : dirname(place),
          separator: '\n',
          onRecord: (record) => matches.add(record),
        },
        context.signal,
      );
      // unreadable files are not reported there, so this is about the pattern or the glob
      if (result.exitCode === 2 && matches.total === 0 && result.stderr.trim() !== '')
        throw new Error(`The search could not be made, mend the pattern or include:\n${result.stderr.trim()}`);
      matches.incomplete = result.exitCode === 2;
    }
    return {
      title: pattern,
      output: matches.render(),
      metadata: { matches: matches.total, truncated: matches.total > LIMIT },
    };
  }
}

function searchArguments(pattern: string, include: string | undefined, place: string): string[] {
  return [
    '--line-number',
    '--with-filename',
    '--hidden',
    '--no-messages',
    '--no-heading',
    '--null',
    '--field-match-separator=:',
    // in this order the first matches are the ones to show: the rest need only be counted
    '--sortr=modified',
    `--regexp=${pattern}`,
    ...(include === undefined ? [] : [`--glob=${include}`]),
    ...(place.split(sep).includes('.git') ? [] : [WITHOUT_GIT]),
    '--',
    place,
  ];
}
