/** Errors that Node gives where another runtime would have gone on, and what to do about them. */
const ADVICE: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'TypeScript is run by leaving its types out: write a union or an object in place of an enum, and no namespaces.',
  ERR_MODULE_NOT_FOUND: 'Is the package installed beside the file, and does the import name what is there?',
};

/** What went wrong, as an error of this program: code of others throws anything. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return new Error(String(thrown));
  const { name, message, stack } = thrown as Partial<Error>;
  return Object.assign(new Error(String(message), { cause: thrown }), {
    ...(name && { name }),
    ...(stack && { stack }),
  });
}

/** For people: where in their code it happened, and what to do if that is known. */
export function explained(thrown: unknown): string {
  const error = asError(thrown);
  const { code } = (thrown ?? {}) as { code?: unknown };
  const advice = typeof code === 'string' ? ADVICE[code] : undefined;
  return [error.stack ?? error.message, advice].filter(Boolean).join('\n');
}
