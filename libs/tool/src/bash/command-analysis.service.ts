import { Injectable } from '@nestjs/common';
import type { Node, Parser } from 'web-tree-sitter';
import { readPackageFile } from '#libs/extension';
import { commandPrefix } from './command-prefix.js';
import { hiddenParts, isCd, isHarmless } from './hidden-parts.js';

/** What a command line is going to do, as far as its text tells. */
export interface CommandAnalysis {
  /** Source text of each command, and of each other part, that needs leave. */
  patterns: string[];
  /** Patterns that cover commands of the same kind. */
  always: string[];
  /** Arguments that name files, of commands that change, show or enter them; quotes removed. */
  paths: string[];
}

/** Commands whose arguments are looked at as paths. */
const FILE_COMMANDS = new Set(['cd', 'rm', 'cp', 'mv', 'mkdir', 'touch', 'chmod', 'chown', 'cat']);
const WORD_TYPES = new Set(['command_name', 'word', 'string', 'raw_string', 'concatenation']);

/** Takes command lines apart with the grammar of bash. The parser is loaded on first use. */
@Injectable()
export class CommandAnalysisService {
  private parser?: Promise<Parser>;

  async analyse(command: string): Promise<CommandAnalysis> {
    const parser = await (this.parser ??= this.load());
    const tree = parser.parse(command);
    if (!tree) throw new Error('The command could not be parsed.');
    try {
      return analyse(tree.rootNode, command);
    } finally {
      tree.delete();
    }
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

function analyse(root: Node, source: string): CommandAnalysis {
  const found = { patterns: new Set<string>(), always: new Set<string>(), paths: new Set<string>() };
  const add = (pattern: string, always: string) => {
    found.patterns.add(pattern);
    found.always.add(always);
  };
  for (const node of root.descendantsOfType('command')) {
    const words = node.children.filter((child) => WORD_TYPES.has(child.type));
    const [name, ...args] = words;
    if (!name) continue;
    if (FILE_COMMANDS.has(plainText(name))) for (const path of pathsOf(plainText(name), args)) found.paths.add(path);
    const redirected = node.parent?.type === 'redirected_statement';
    // entering a directory changes nothing, writing what it prints does
    if (isCd(node) && !redirected && !node.children.some((child) => child.type.endsWith('_redirect'))) continue;
    const prefix = commandPrefix(words.map((word) => word.text)).join(' ');
    add((redirected ? node.parent : node).text, `${prefix} *`);
  }
  if (found.patterns.size > 0) for (const part of hiddenParts(root, source)) add(part, part);
  // the shell runs more than what the grammar calls a command
  else if (!isHarmless(root, source)) add(source.trim(), source.trim());
  return { patterns: [...found.patterns], always: [...found.always], paths: [...found.paths] };
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
    case 'command_name':
    case 'concatenation':
      return node.children.map((child) => plainText(child)).join('');
    default:
      return node.text;
  }
}
