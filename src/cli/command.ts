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
  /** One word, or two for a command of a group: `session list`. */
  readonly name: string;
  /** Other names, in full. */
  readonly aliases?: readonly string[];
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

/** The text given for an option; undefined when it was left out. */
export function textOption({ options }: ParsedArguments, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The whole number given for an option. @throws UsageError */
export function countOption(args: ParsedArguments, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0 || text.trim() === '')
    throw new UsageError(`--${name} must be a whole number; given: ${text}`);
  return count;
}

/** All texts given for an option that may be repeated. */
export function listOption({ options }: ParsedArguments, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
