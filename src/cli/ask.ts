import type { Option } from '@clack/prompts';
import { UsageError } from './command.js';

/** Questions go to stderr, so that stdout stays for data. */
const OUTPUT = { output: process.stderr };

/** Lets a person choose; undefined when they leave. @throws UsageError with `otherwise` where nobody can be asked */
export async function choose<T>(
  message: string,
  options: readonly Option<T>[],
  otherwise: string,
): Promise<T | undefined> {
  const { isCancel, select } = await prompts(otherwise);
  const answer = await select<T>({ message, options: [...options], maxItems: 12, ...OUTPUT });
  return isCancel(answer) ? undefined : answer;
}

/** Asks for a line of text; undefined when the person leaves. */
export async function askText(message: string, otherwise: string, placeholder = ''): Promise<string | undefined> {
  const { isCancel, text } = await prompts(otherwise);
  const answer = await text({ message, placeholder, validate: required, ...OUTPUT });
  return isCancel(answer) ? undefined : answer;
}

/** Asks for something that must not be seen; undefined when the person leaves. */
export async function askSecret(message: string, otherwise: string): Promise<string | undefined> {
  const { isCancel, password } = await prompts(otherwise);
  const answer = await password({ message, validate: required, ...OUTPUT });
  return isCancel(answer) ? undefined : answer;
}

const required = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? 'Required' : undefined;

async function prompts(otherwise: string) {
  if (!process.stdin.isTTY) throw new UsageError(otherwise);
  return import('@clack/prompts');
}
