import { dirname, resolve } from 'node:path';
import {
  AgentTool,
  type AgentToolHandler,
  Environment,
  LONGEST_TIMER,
  type ProcessResult,
  ProcessRunner,
  ShellEnvironment,
  type ToolContext,
  type ToolResult,
} from '#libs/extension';
import { realPlaceOutside, statOf } from '#libs/file';
import { everythingIn, placeOutside } from '../project-file/outside.js';
import { BashInput } from './bash-input.dto.js';
import { CommandAnalysisService } from './command-analysis.service.js';
import { LiveOutput, shownOutput } from './live-output.js';
import { findShell } from './shell.js';

const DEFAULT_TIMEOUT = 120_000;
/** Time a command gets beyond its limit to end by itself. */
const GRACE = 100;

const DESCRIPTION = `Runs a command line in a shell and gives what it prints, errors included.

- Runs in the project directory; for another one set workdir instead of using cd.
- Quote paths that contain spaces. Join commands that depend on each other with "&&"; make independent calls in parallel.
- Its input is empty: start nothing that waits for a key or opens an editor. Pass flags such as --yes or --no-pager.
- Ends after 2 minutes, with everything it started, unless timeout says otherwise.
- Output past 2000 lines or 50 KB is saved to a file, which you can read or grep; no need for head or tail.
- To look at files use read, glob and grep; to change them edit and write. They are safer than cat, find, sed and echo.
- Commit, push, or delete what is not yours only when the user asks for it.`;

/** Runs commands in a shell. */
@AgentTool({ id: 'bash', description: DESCRIPTION, input: BashInput })
export class BashTool implements AgentToolHandler<BashInput> {
  constructor(
    private readonly analysis: CommandAnalysisService,
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
    private readonly shells: ShellEnvironment,
  ) {}

  async execute(input: BashInput, context: ToolContext): Promise<ToolResult> {
    const { command, description } = input;
    const timeout = input.timeout ?? this.defaultTimeout;
    if (timeout < 0) throw new Error(`Invalid timeout value: ${timeout}. Timeout must be a positive number.`);
    const cwd = context.instance.resolve(input.workdir ?? '.');
    await this.ask(command, cwd, context);

    const shell = await findShell(this.environment.variables);
    if (!(await statOf(cwd))?.isDirectory())
      throw new Error(
        `ENOENT: no such file or directory, posix_spawn '${shell}'\nThe working directory ${cwd} does not exist.`,
      );
    const { instance, sessionID, callID } = context;
    const env = await this.shells.of({ instance, cwd, sessionID, callID });
    const live = new LiveOutput((output) => context.update({ metadata: { output, description } }));
    context.update({ metadata: { output: '', description } });
    let result: ProcessResult;
    try {
      result = await this.processes.run({
        command: shell,
        args: ['-c', command],
        cwd,
        env,
        timeout: Math.min(timeout + GRACE, LONGEST_TIMER),
        signal: context.signal,
        owner: context.instance.signal,
        onOutput: (text) => live.add(text),
        maxOutput: 0, // both streams in their order are in `live`
      });
    } finally {
      live.end();
    }
    const output = live.text + remarks(result.reason, timeout, live.overflowed);
    return {
      title: description,
      output,
      metadata: { output: shownOutput(output), exit: result.exitCode, description },
    };
  }

  /** First for the directories outside that the command touches, then for its commands. */
  private async ask(command: string, cwd: string, context: ToolContext): Promise<void> {
    const { patterns, always, spellings, paths } = await this.analysis.analyse(command);
    const outside = new Set<string>();
    const workdir = await placeOutside(context.instance, cwd);
    if (workdir !== undefined) outside.add(workdir);
    for (const path of paths) {
      const place = await realPlaceOutside(context.instance, resolve(cwd, this.expandHome(path)));
      if (place !== undefined) outside.add((await statOf(place))?.isDirectory() ? place : dirname(place));
    }
    const directories = [...outside].map(everythingIn);
    if (directories.length > 0)
      await context.ask({
        permission: 'external_directory',
        patterns: directories,
        always: directories,
        metadata: {},
      });
    if (patterns.length === 0) return;
    const others = Object.keys(spellings).length > 0 ? { spellings } : {};
    await context.ask({ permission: 'bash', patterns, always, metadata: {}, ...others });
  }

  private expandHome(path: string): string {
    return path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => this.environment.paths.home);
  }

  private get defaultTimeout(): number {
    return this.environment.positiveInteger('OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS') ?? DEFAULT_TIMEOUT;
  }
}

/** What the model should know beside the output. */
function remarks(reason: ProcessResult['reason'], timeout: number, overflowed: boolean): string {
  const lines = [
    ...(reason === 'timeout' ? [`bash tool terminated command after exceeding timeout ${timeout} ms`] : []),
    ...(reason === 'abort' ? ['User aborted the command'] : []),
    ...(overflowed ? ['The command printed too much: the end of its output was dropped'] : []),
  ];
  return lines.length > 0 ? `\n\n<bash_metadata>\n${lines.join('\n')}\n</bash_metadata>` : '';
}
