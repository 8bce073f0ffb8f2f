import { type Command, type CommandOptions, type ParsedArguments, UsageError } from '../command.js';
import { printJson } from '../print.js';

/** One of the small commands below `debug`, as its help explains it. */
export interface DebugCommand {
  summary: string;
  /** The one word it takes; absent = none. */
  word?: string;
  options?: CommandOptions;
}

/** @param answer a text is printed as it is, anything else as JSON */
export function debugCommand(
  name: string,
  { summary, word, options }: DebugCommand,
  answer: (word: string, args: ParsedArguments) => Promise<unknown>,
): Command {
  return {
    name: `debug ${name}`,
    summary,
    ...(word === undefined ? {} : { words: `<${word}>` }),
    options: { ...options },
    async run(args) {
      const [given, ...rest] = args.words;
      if (word !== undefined && (given === undefined || rest.length > 0)) throw new UsageError(`Give one ${word}`);
      const found = await answer(given ?? '', args);
      if (typeof found !== 'string') printJson(found);
      else if (found !== '') console.log(found.trimEnd());
      return 0;
    },
  };
}
