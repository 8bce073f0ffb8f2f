import type { Option } from '@clack/prompts';
import { text } from 'node:stream/consumers';
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

/** {@link choose} among many, by typing a part of the name. */
export async function search<T>(
  message: string,
  options: readonly Option<T>[],
  otherwise: string,
): Promise<T | undefined> {
  const { autocomplete, isCancel } = await prompts(otherwise);
  const answer = await autocomplete<T>({ message, options: [...options], maxItems: 12, ...OUTPUT });
  return isCancel(answer) ? undefined : answer;
}

/** Asks yes or no; no when the person leaves. */
export async function agree(message: string, otherwise: string): Promise<boolean> {
  const { confirm, isCancel } = await prompts(otherwise);
  const answer = await confirm({ message, ...OUTPUT });
  return !isCancel(answer) && answer;
}

/** Asks for a line of text; undefined when the person leaves. */
export async function askText(message: string, otherwise: string, placeholder = ''): Promise<string | undefined> {
  const { isCancel, text: ask } = await prompts(otherwise);
  const answer = await ask({ message, placeholder, validate: required, ...OUTPUT });
  return isCancel(answer) ? undefined : answer;
}

/** Takes a secret from a pipe, or asks for it without showing it; undefined when the person leaves. */
export async function askSecret(message: string, otherwise: string): Promise<string | undefined> {
  const piped = process.stdin.isTTY ? '' : (await text(process.stdin)).trim();
  if (piped !== '') return piped;
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
