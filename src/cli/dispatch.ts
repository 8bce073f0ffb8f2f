import { parseArguments, wordsOf } from './arguments.js';
import { type Command, type CommandOptions, UsageError } from './command.js';
import { COMMANDS } from './commands.js';
import { commandHelp, generalHelp, groupHelp } from './help.js';
import { reportFailure } from './failure.js';
import { VERSION } from './version.js';

/** Runs the command that the words of the command line name; resolves to the exit code. */
export async function dispatch(argv: readonly string[]): Promise<number> {
  const { command, length, group, known } = find(argv);
  const help = command ? commandHelp(command) : group.length > 0 ? groupHelp(group) : generalHelp(COMMANDS);
  try {
    const { options, words } = parseArguments(argv, command?.options ?? known);
    if (options['version']) return say(VERSION);
    if (options['help']) return say(help.trimEnd());
    if (!command) {
      if (words.length === 0) throw new UsageError('Name a command');
      if (group.length > 0 && words.length === 1) throw new UsageError(`Name a command of ${words[0]}`);
      throw new UsageError(`Unknown command: ${words.slice(0, group.length > 0 ? 2 : 1).join(' ')}`);
    }
    const rest = words.slice(length);
    if (rest.length > 0 && !command.words) throw new UsageError(`Unknown argument: ${rest.join(' ')}`);
    return await command.run({ options, words: rest });
  } catch (error) {
    if (!(error instanceof UsageError)) return reportFailure(error);
    console.error(error.message);
    console.log(help.trimEnd());
    return 1;
  }
}

interface Found {
  command?: Command;
  /** How many words its name has. */
  length: number;
  /** The commands whose name begins with the first word, when that is no command itself. */
  group: readonly Command[];
  /** Options of any command. */
  known: CommandOptions;
}

/** A command knows its options, and one has to know options to find the command: each is tried with its own. */
function find(argv: readonly string[]): Found {
  for (const command of COMMANDS) {
    const words = wordsOf(argv, command.options).join(' ');
    for (const name of [command.name, ...(command.aliases ?? [])])
      if (words === name || words.startsWith(`${name} `))
        return { command, length: name.split(' ').length, group: [], known: {} };
  }
  const known: CommandOptions = Object.fromEntries(COMMANDS.flatMap(({ options }) => Object.entries(options)));
  const [first] = wordsOf(argv, known);
  return { length: 0, group: COMMANDS.filter(({ name }) => name.startsWith(`${first} `)), known };
}

function say(text: string): number {
  console.log(text);
  return 0;
}
