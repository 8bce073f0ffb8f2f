import { firstWord, parseArguments } from './arguments.js';
import { type Command, type CommandOptions, UsageError } from './command.js';
import { commandHelp, generalHelp } from './help.js';
import { reportFailure } from './failure.js';
import { serve } from './serve.js';
import { VERSION } from './version.js';

const COMMANDS: readonly Command[] = [serve];

/** Runs the command that the words of the command line name; resolves to the exit code. */
export async function dispatch(argv: readonly string[]): Promise<number> {
  // values of any command's options must not be taken for the command
  const everything: CommandOptions = Object.fromEntries(COMMANDS.flatMap(({ options }) => Object.entries(options)));
  const name = firstWord(argv, everything);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  const help = command ? commandHelp(command) : generalHelp(COMMANDS);
  try {
    const { options, words } = parseArguments(argv, command?.options ?? everything);
    if (options['version']) return say(VERSION);
    if (options['help']) return say(help.trimEnd());
    if (!command) throw new UsageError(name === undefined ? 'Name a command' : `Unknown command: ${name}`);
    const rest = words.slice(1);
    if (rest.length > 0 && !command.words) throw new UsageError(`Unknown argument: ${rest.join(' ')}`);
    return await command.run({ options, words: rest });
  } catch (error) {
    if (!(error instanceof UsageError)) return reportFailure(error);
    console.error(error.message);
    console.log(help.trimEnd());
    return 1;
  }
}

function say(text: string): number {
  console.log(text);
  return 0;
}
