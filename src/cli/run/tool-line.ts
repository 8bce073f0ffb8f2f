import type { Todo, ToolPart, ToolStateCompleted } from '#libs/contract';
import { isAbsolute, relative } from 'node:path';
import { styleText } from 'node:util';

type Line = (input: Readonly<Record<string, unknown>>, state: ToolStateCompleted, path: PathOf) => string;
type PathOf = (value: unknown) => string;

const MARKS: Readonly<Record<string, string>> = { completed: '[x]', in_progress: '[~]', cancelled: '[-]' };

const LINES: Readonly<Record<string, Line>> = {
  bash: (input, { output }) =>
    [`$ ${text(input['command'])}`, ...(output.trim() === '' ? [] : [output.trim()])].join('\n'),
  read: (input, _state, path) => `→ Read ${path(input['filePath'])}`,
  write: (input, _state, path) => `← Write ${path(input['filePath'])}`,
  edit: (input, { metadata }, path) => withDiff(`← Edit ${path(input['filePath'])}`, metadata['diff']),
  apply_patch: (_input, { metadata }) => withDiff('← Patch', metadata['diff']),
  glob: (input, { metadata }) => `✱ Glob "${text(input['pattern'])}" ${found(metadata['count'])}`,
  grep: (input, { metadata }) => `✱ Grep "${text(input['pattern'])}" ${found(metadata['matches'])}`,
  webfetch: (input) => `% WebFetch ${text(input['url'])}`,
  todowrite: (input) => ['# Todos', ...todos(input['todos'])].join('\n'),
  task: (input) => `✓ ${text(input['description'])} (@${text(input['subagent_type'])})`,
  skill: (input) => `→ Skill ${text(input['name'])}`,
};

/** What a tool has done, for people; undefined while it works. Failed calls say why. */
export function toolLine({ tool, state }: ToolPart, directory: string): string | undefined {
  if (state.status === 'error') return `✗ ${tool}: ${state.error}`;
  if (state.status !== 'completed') return undefined;
  const pathOf: PathOf = (value) => {
    const path = text(value);
    const inside = isAbsolute(path) ? relative(directory, path) : path;
    return inside.startsWith('..') ? path : inside;
  };
  const line = Object.hasOwn(LINES, tool) ? LINES[tool] : undefined;
  return line?.(state.input, state, pathOf) ?? `⚙ ${tool} ${JSON.stringify(state.input)}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const found = (count: unknown): string =>
  typeof count === 'number' ? `(${count} ${count === 1 ? 'match' : 'matches'})` : '';

function todos(value: unknown): string[] {
  const list = Array.isArray(value) ? (value as Partial<Todo>[]) : [];
  return list.map(({ status = '', content = '' }) => `${MARKS[status] ?? '[ ]'} ${content}`);
}

function withDiff(head: string, diff: unknown): string {
  if (typeof diff !== 'string') return head;
  const lines = diff.split('\n').filter((line) => !/^(Index: |={3,}|--- |\+\+\+ )/.test(line));
  const coloured = lines.map((line) => {
    const colour = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
    return styleText(colour, line, { stream: process.stderr });
  });
  return [head, ...coloured].join('\n').trimEnd();
}
