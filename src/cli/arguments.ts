import { parseArgs } from 'node:util';
import { type CommandOptions, type ParsedArguments, toParseOptions, UsageError } from './command.js';

/** Options that every command takes. */
export const GLOBAL_OPTIONS = {
  help: { type: 'boolean', short: 'h', summary: 'Show help' },
  version: { type: 'boolean', short: 'v', summary: 'Show the version' },
  'print-logs': { type: 'boolean', summary: 'Write log lines to stderr instead of the log file' },
  'log-level': {
    type: 'string',
    value: 'level',
    choices: ['DEBUG', 'INFO', 'WARN', 'ERROR'],
    summary: 'Least important log lines to write',
    fallback: 'INFO',
  },
} as const satisfies CommandOptions;

/** The words that are neither options nor values of one. */
export function wordsOf(argv: readonly string[], options: CommandOptions): string[] {
  const { tokens } = parseArgs({
    args: [...argv],
    options: toParseOptions({ ...GLOBAL_OPTIONS, ...options }),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  return tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
}

/**
 * Reads the words after a command. Rejects what the command does not know.
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[], options: CommandOptions): ParsedArguments {
  const known: CommandOptions = { ...GLOBAL_OPTIONS, ...options };
  const { values, tokens } = parse(argv, known);
  const parsed: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, value] of Object.entries(values)) {
    const choices = known[name]?.choices;
    if (choices && !choices.includes(String(value)))
      throw new UsageError(`--${name} must be one of ${choices.join(', ')}; given: ${String(value)}`);
    parsed[name] = Array.isArray(value) ? value.map(String) : value;
  }

  // words after a list option are further values of it, up to the next option
  const words: string[] = [];
  let list: string[] | undefined;
  for (const token of tokens) {
    if (token.kind === 'option') list = known[token.name]?.list ? (parsed[token.name] as string[]) : undefined;
    else if (token.kind === 'positional') (list ?? words).push(token.value);
    else list = undefined;
  }
  return { options: parsed, words };
}

function parse(argv: readonly string[], options: CommandOptions) {
  try {
    return parseArgs({
      args: [...argv],
      options: toParseOptions(options),
      strict: true,
      tokens: true,
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
