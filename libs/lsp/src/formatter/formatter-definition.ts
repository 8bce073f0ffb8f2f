import type { FormatterProbe } from './formatter-probe.js';

/** One formatter: a program that changes a file in place. */
export interface FormatterDefinition {
  readonly name: string;
  /** With their dot; other files are left alone. */
  readonly extensions: readonly string[];
  /** The program and its arguments; `$FILE` in one stands for the absolute path of the file. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands before the arguments for a certain file. */
  readonly options?: (probe: FormatterProbe, path: string) => Promise<string[]>;
  /** Whether the project wants it and the machine has it. */
  readonly enabled: (probe: FormatterProbe) => Promise<boolean>;
}
