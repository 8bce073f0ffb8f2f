import { GLOBAL_OPTIONS } from './arguments.js';
import { type Command, UsageError } from './command.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** @param commands every command, asked when a script is made: this one is among them */
export function completionOf(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'Print a script that completes commands in a shell',
    words: `[${SHELLS.join(' | ')}]`,
    options: {},

    async run({ words: [shell = 'bash', ...rest] }) {
      if (rest.length > 0 || !SHELLS.some((known) => known === shell))
        throw new UsageError(`There are scripts for ${SHELLS.join(', ')}`);
      const entries = commands().flatMap(entriesOf);
      console.log(shell === 'fish' ? fish(entries) : bash(entries, shell === 'zsh'));
      return 0;
    },
  };
}

/** What can follow some words. */
interface Entry {
  after: string;
  next: string;
  summary: string;
}

function entriesOf({ name, summary, options }: Command): Entry[] {
  const words = name.split(' ');
  return [
    ...words.map((next, index) => ({ after: words.slice(0, index).join(' '), next, summary })),
    ...Object.entries({ ...options, ...GLOBAL_OPTIONS }).map(([option, { summary }]) => {
      return { after: name, next: `--${option}`, summary };
    }),
  ];
}

function bash(entries: readonly Entry[], zsh: boolean): string {
  const choices = Map.groupBy(entries, ({ after }) => after);
  const cases = [...choices].map(([after, list]) => {
    const words = [...new Set(list.map(({ next }) => next))].join(' ');
    return `    "${after}") words="${words}" ;;`;
  });
  return `${zsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_opencode() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ "$word" == -* ]] && break
    path="\${path:+$path }$word"
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _opencode opencode`;
}

function fish(entries: readonly Entry[]): string {
  const seen = new Set<string>();
  const lines = entries.flatMap(({ after, next, summary }) => {
    if (seen.has(`${after} ${next}`)) return [];
    seen.add(`${after} ${next}`);
    const place = after === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${after.split(' ').at(-1)}`;
    const what = next.startsWith('--') ? `-l ${next.slice(2)}` : `-f -a ${next}`;
    return `complete -c opencode -n '${place}' ${what} -d '${summary.replaceAll("'", "\\'")}'`;
  });
  return lines.join('\n');
}
