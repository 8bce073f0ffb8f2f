import type { ParseArgsOptionsConfig } from 'node:util';

/** An option of a command, as parsed and as explained in its help. */
export interface CommandOption {
  type: 'string' | 'boolean';
  short?: string;
  /** May be repeated; words that follow it belong to it too. */
  list?: boolean;
  choices?: readonly string[];
  /** Stands for the value in the help. */
  value?: string;
  summary: string;
  /** Shown in the help. */
  fallback?: string;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What the words after a command mean. */
export interface ParsedArguments {
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly words: readonly string[];
}

/** One sub-command of `opencode`. Its file loads fast: heavy parts are imported in `run`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly options: CommandOptions;
  /** Words it takes besides options, for the help; absent = none. */
  readonly words?: string;
  /** Resolves to the exit code. */
  run(args: ParsedArguments): Promise<number>;
}

/** The words of a command line make no sense: help is shown and the exit code is 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** For `parseArgs` of node:util. */
export function toParseOptions(options: CommandOptions): ParseArgsOptionsConfig {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, list }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(list ? { multiple: true } : {}) },
    ]),
  );
}
