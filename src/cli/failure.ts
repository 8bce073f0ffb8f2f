import { styleText } from 'node:util';

interface ConfigProblem {
  path?: string;
  message?: string;
  issues?: readonly { message: string; path?: readonly (string | number)[]; line?: number }[];
}

/** Says on stderr why a command failed; returns its exit code. */
export function reportFailure(error: unknown): number {
  const head = styleText(['red', 'bold'], 'Error:', { stream: process.stderr });
  console.error(`${head} ${describe(error)}`);
  return 1;
}

/** In words for people. Errors are known by name: this file must not load the libraries that define them. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const data = ('data' in error ? error.data : {}) as ConfigProblem;
  switch (error.name) {
    case 'ConfigInvalidError':
      return [
        `Configuration is invalid at ${data.path}${data.message ? `: ${data.message}` : ''}`,
        ...(data.issues ?? []).map(({ message, path = [], line }) =>
          [`↳ ${message}`, path.join('.'), line && `(line ${line})`].filter(Boolean).join(' '),
        ),
      ].join('\n');
    case 'ConfigJsonError':
      return `Config file at ${data.path} is not valid JSON(C)${data.message ? `: ${data.message}` : ''}`;
    default:
      return error.message;
  }
}
