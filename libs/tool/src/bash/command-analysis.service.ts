import { Injectable } from '@nestjs/common';
import type { Node, Parser } from 'web-tree-sitter';
import { readPackageFile } from '#libs/extension';
import { commandPrefix } from './command-prefix.js';
import { meaningOf } from './command-spellings.js';
import { hiddenParts, isCd, isHarmless } from './hidden-parts.js';

/** What a command line is going to do, as far as its text tells. */
export interface CommandAnalysis {
  /** Source text of each command, and of each other part, that needs leave. */
  patterns: string[];
  /** Patterns that cover commands of the same kind. */
  always: string[];
  /** Plain forms of the patterns, for rules that forbid: by pattern, where there are others. */
  spellings: Record<string, string[]>;
  /** Arguments that name files, of commands that change, show or enter them; quotes removed. */
  paths: string[];
}

/** Commands whose arguments are looked at as paths. */
const FILE_COMMANDS = new Set(['cd', 'rm', 'cp', 'mv', 'mkdir', 'touch', 'chmod', 'chown', 'cat']);
const WORD_TYPES = new Set(['command_name', 'word', 'string', 'raw_string', 'concatenation']);
/** Shells inside shells that are looked into. */
const MAX_SCRIPTS = 3;

/** Takes command lines apart with the grammar of bash. The parser is loaded on first use. */
@Injectable()
export class CommandAnalysisService {
  private parser?: Promise<Parser>;

  async analyse(command: string): Promise<CommandAnalysis> {
    return analyse(await (this.parser ??= this.load()), command, 0);
  }

  private async load(): Promise<Parser> {
    try {
      return await createParser();
    } catch (error) {
      this.parser = undefined; // the next call may be luckier
      throw error;
    }
  }
}

async function createParser(): Promise<Parser> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: await readPackageFile('web-tree-sitter/web-tree-sitter.wasm') });
  const parser = new Parser();
  return parser.setLanguage(await Language.load(await readPackageFile('tree-sitter-bash/tree-sitter-bash.wasm')));
}

function analyse(parser: Parser, source: string, depth: number): CommandAnalysis {
  const tree = parser.parse(source);
  if (!tree) throw new Error('The command could not be parsed.');
  try {
    const { scripts, ...analysis } = analyseTree(tree.rootNode, source);
    for (const [pattern, script] of depth < MAX_SCRIPTS ? scripts : []) {
      const inner = analyse(parser, script, depth + 1);
      const meant = [...inner.patterns, ...Object.values(inner.spellings).flat()];
      analysis.spellings[pattern] = [...new Set([...(analysis.spellings[pattern] ?? []), ...meant])];
    }
    return analysis;
  } finally {
    tree.delete();
  }
}

/** @returns beside the analysis, texts that shells are given to run, with the pattern they belong to */
function analyseTree(root: Node, source: string): CommandAnalysis & { scripts: [pattern: string, text: string][] } {
  const found = { patterns: new Set<string>(), always: new Set<string>(), paths: new Set<string>() };
  const spellings = new Map<string, string[]>();
  const scripts: [string, string][] = [];
  const add = (pattern: string, always: string) => {
    found.patterns.add(pattern);
    found.always.add(always);
  };
  for (const node of root.descendantsOfType('command')) {
    const words = node.children.filter((child) => WORD_TYPES.has(child.type));
    const [name, ...args] = words;
    if (!name) continue;
    const plain = words.map(plainText);
    const program = plain[0] ?? '';
    if (FILE_COMMANDS.has(program)) for (const path of pathsOf(program, args)) found.paths.add(path);
    const redirected = node.parent?.type === 'redirected_statement';
    // entering a directory changes nothing, writing what it prints does
    if (isCd(node) && !redirected && !node.children.some((child) => child.type.endsWith('_redirect'))) continue;
    const prefix = commandPrefix(words.map((word) => word.text)).join(' ');
    const pattern = (redirected ? node.parent : node).text;
    add(pattern, `${prefix} *`);
    const meaning = meaningOf(plain);
    const other = meaning.lines.filter((line) => line !== pattern);
    if (other.length > 0) spellings.set(pattern, [...(spellings.get(pattern) ?? []), ...other]);
    for (const script of meaning.scripts) scripts.push([pattern, script]);
  }
  if (found.patterns.size > 0) for (const part of hiddenParts(root, source)) add(part, part);
  // the shell runs more than what the grammar calls a command
  else if (!isHarmless(root, source)) add(source.trim(), source.trim());
  return {
    patterns: [...found.patterns],
    always: [...found.always],
    spellings: Object.fromEntries(spellings),
    paths: [...found.paths],
    scripts,
  };
}

function pathsOf(command: string, args: readonly Node[]): string[] {
  const isOption = (text: string) => text.startsWith('-') || (command === 'chmod' && text.startsWith('+'));
  return args.filter((arg) => !isOption(arg.text)).map(plainText);
}

/** The text of a word as the command gets it: quotes and escapes undone, variables left as they are written. */
function plainText(node: Node): string {
  switch (node.type) {
    case 'word':
      return node.text.replace(/\\(.)/gs, '$1');
    case 'raw_string':
      return node.text.slice(1, -1);
    case 'string':
      return node.text.slice(1, -1).replace(/\\(["\\$`])/g, '$1');
    case 'ansi_c_string':
      return unescaped(node.text.slice(2, -1));
    case 'translated_string':
    case 'command_name':
    case 'concatenation':
      return node.children.map((child) => plainText(child)).join('');
    default:
      return node.text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
};

/** The text of `$'…'`. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|([0-7]{1,3})|(.))/gs,
    (_match, hex?: string, unicode?: string, octal?: string, other: string = '') => {
      const code = hex ?? unicode;
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return octal === undefined ? (ESCAPES[other] ?? other) : String.fromCharCode(parseInt(octal, 8));
    },
  );
}
