import { GLOBAL_OPTIONS } from './arguments.js';
import type { Command, CommandOptions } from './command.js';

/** What `opencode --help` says. */
export function generalHelp(commands: readonly Command[]): string {
  return listHelp('<command>', commands);
}

/** What `opencode session --help` says, of the commands that begin with one word. */
export function groupHelp(commands: readonly Command[]): string {
  return listHelp(`${commands[0]?.name.split(' ')[0]} <command>`, commands);
}

function listHelp(usage: string, commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `Usage: opencode ${usage} [options]`,
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Options:',
    ...optionLines(GLOBAL_OPTIONS),
    '',
  ].join('\n');
}

/** What `opencode <command> --help` says. */
export function commandHelp(command: Command): string {
  return [
    `Usage: opencode ${command.name}${command.words ? ` ${command.words}` : ''} [options]`,
    '',
    command.summary,
    '',
    'Options:',
    ...optionLines({ ...command.options, ...GLOBAL_OPTIONS }),
    '',
  ].join('\n');
}

function optionLines(options: CommandOptions): string[] {
  const rows = Object.entries(options).map(([name, option]) => {
    const value = option.type === 'string' ? ` <${option.value ?? 'text'}${option.list ? '…' : ''}>` : '';
    const notes = [
      option.choices ? `one of ${option.choices.join(', ')}` : '',
      option.fallback === undefined ? '' : `default ${option.fallback}`,
    ].filter((note) => note !== '');
    const left = `  ${option.short ? `-${option.short}, ` : '    '}--${name}${value}`;
    return [left, option.summary + (notes.length > 0 ? ` (${notes.join('; ')})` : '')] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
