import { basename } from 'node:path';

/**
 * Arguments with which a shell runs a command as a person would in their terminal: as a login shell, with aliases.
 * The command is parsed after the start-up files, which may define aliases.
 */
export function loginArguments(shell: string, command: string): string[] {
  const evaluate = '__command=$1; shift; eval "$__command"';
  switch (basename(shell)) {
    case 'bash':
      return [
        '-l',
        '-c',
        `shopt -s expand_aliases\n[ -f ~/.bashrc ] && . ~/.bashrc >/dev/null 2>&1\n${evaluate}`,
        shell,
        command,
      ];
    case 'zsh':
      return [
        '-l',
        '-c',
        `[ -f "\${ZDOTDIR:-$HOME}/.zshrc" ] && . "\${ZDOTDIR:-$HOME}/.zshrc" >/dev/null 2>&1\n${evaluate}`,
        shell,
        command,
      ];
    default:
      return ['-l', '-c', command];
  }
}
