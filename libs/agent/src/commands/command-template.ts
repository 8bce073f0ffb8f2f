/** A shell snippet of a template: `` !`command` ``. */
export interface ShellSnippet {
  /** Its placeholders are parameters of the shell: what a user types is never parsed as a command. */
  command: string;
  /** The positional parameters `$1` … */
  parameters: readonly string[];
  /** Value of `$ARGUMENTS`. */
  all: string;
}

const SHELL = /!`([^`]+)`/g;
const NUMBERED = /\$(\d+)/g;
const WHOLE = '$ARGUMENTS';
const ARGUMENT = /\[Image\s+\d+\]|"[^"]*"|'[^']*'|[^\s"']+/gi;

/** The placeholders of a template: `$1 … $n`, then `$ARGUMENTS`. */
export function templateHints(template: string): string[] {
  const numbers = [...new Set(numbersIn(template))].sort((a, b) => a - b);
  return [...numbers.map((number) => `$${number}`), ...(template.includes(WHOLE) ? [WHOLE] : [])];
}

/** Words of an argument string; quoted words stay together and lose their quotes. */
export function splitArguments(text: string): string[] {
  return [...text.matchAll(ARGUMENT)].map(([word]) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}

/**
 * The text of a command. Snippets are taken from the template alone, before anything is filled in, so that arguments
 * and the output of snippets are plain text.
 * @param run gives the output of a snippet; all run at the same time. Without it snippets stay text.
 */
export async function expandTemplate(
  template: string,
  args: string,
  run?: (snippet: ShellSnippet) => Promise<string>,
): Promise<string> {
  const parameters = takeParameters(template, args);
  const fill = (text: string) =>
    text
      .split(WHOLE)
      .map((piece) => piece.replace(NUMBERED, (_, number: string) => parameters[Number(number) - 1] ?? ''))
      .join(args);
  // every second piece is the command of a snippet
  const pieces = await Promise.all(
    (run ? template.split(SHELL) : [template]).map(async (piece, index) => {
      if (!run || index % 2 === 0) return fill(piece);
      // `$10` of a template is the tenth argument, in a shell it were the first and a zero
      return run({ command: piece.replace(NUMBERED, '${$1}'), parameters, all: args });
    }),
  );
  const text = pieces.join('');
  const rest = templateHints(template).length === 0 && args.trim() !== '' ? `\n\n${args}` : '';
  return `${text}${rest}`.trim();
}

/** The arguments by place; the highest placeholder takes all that are left. */
function takeParameters(template: string, args: string): string[] {
  const words = splitArguments(args);
  const highest = Math.max(0, ...numbersIn(template));
  return highest === 0 || words.length <= highest
    ? words
    : [...words.slice(0, highest - 1), words.slice(highest - 1).join(' ')];
}

const numbersIn = (template: string) => [...template.matchAll(NUMBERED)].map(([, number]) => Number(number));
