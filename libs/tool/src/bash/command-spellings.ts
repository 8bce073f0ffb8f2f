/** Programs that run the command in their arguments, with the number of words of their own before it. */
const WRAPPERS = new Map<string, number>([
  ...(
    'env command builtin exec nohup setsid time nice ionice chrt stdbuf sudo doas xargs busybox unbuffer caffeinate ' +
    'strace ltrace watch'
  )
    .split(' ')
    .map((name): [string, number] => [name, 0]),
  ['timeout', 1],
  ['flock', 1],
  ['chroot', 1],
]);
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh']);
/** Words of find behind which a command stands. */
const FIND_ACTIONS = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const ASSIGNMENT = /^\w+\+?=/;
const MAX_DEPTH = 8;

/** What a command means, whatever it is written like. */
export interface CommandMeaning {
  /** Command lines: its own without quotes and directories, and those of the programs that it runs. */
  lines: string[];
  /** Texts that a shell is given to run. */
  scripts: string[];
}

/**
 * The plain forms of a command, for rules that forbid: `/bin/rm x`, `'rm' x` and `env rm x` are `rm x`. Where it is not
 * clear which word is the command, each that may be one counts.
 *
 * @param words without quotes
 * @example meaningOf(['sudo', '-u', 'me', '/bin/rm', 'x']).lines // ['sudo -u me /bin/rm x', 'me /bin/rm x', 'rm x']
 */
export function meaningOf(words: readonly string[]): CommandMeaning {
  const meaning: CommandMeaning = { lines: [], scripts: [] };
  collect(words, meaning, 0);
  return { lines: [...new Set(meaning.lines)], scripts: [...new Set(meaning.scripts)] };
}

function collect([first, ...args]: readonly string[], meaning: CommandMeaning, depth: number): void {
  if (first === undefined || depth > MAX_DEPTH) return;
  const name = first.slice(first.lastIndexOf('/') + 1);
  meaning.lines.push([name, ...args].join(' '));
  if (SHELLS.has(name)) {
    const at = args.findIndex((arg) => /^-\w*c$/.test(arg));
    const script = at < 0 ? undefined : args.slice(at + 1).find((arg) => !/^[-+]\w/.test(arg));
    if (script !== undefined) meaning.scripts.push(script);
  }
  if (name === 'eval') meaning.scripts.push(args.join(' '));
  if (name === 'env') meaning.scripts.push(...splitStrings(args));
  if (name === 'find')
    for (const [index, arg] of args.entries())
      if (FIND_ACTIONS.has(arg)) collect(args.slice(index + 1), meaning, depth + 1);
  const own = WRAPPERS.get(name);
  if (own === undefined) return;
  for (const start of commandStarts(args, own)) collect(args.slice(start), meaning, depth + 1);
}

/** Where the command of a wrapper may begin: behind its options, whose values cannot be told from commands. */
function commandStarts(args: readonly string[], own: number): number[] {
  const starts: number[] = [];
  let left = own;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('-') || ASSIGNMENT.test(arg)) continue;
    starts.push(at);
    const before = args[at - 1] ?? '';
    const mayBeValue = /^--?\w/.test(before) && !before.includes('=');
    if (!mayBeValue && left-- <= 0) break;
  }
  return starts;
}

/** `env -S` takes a whole command line as one word. */
function splitStrings(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const attached = /^(?:-\w*S|--split-string=)(.+)$/s.exec(arg)?.[1];
    if (attached !== undefined) return [attached];
    return /^(?:-\w*S|--split-string)$/.test(arg) ? args.slice(index + 1, index + 2) : [];
  });
}
