import type { Node } from 'web-tree-sitter';

/** Statements and words that evaluate the text of variables, or change what later commands mean. */
const EVALUATING = ['test_command', 'declaration_command', 'unset_command', 'c_style_for_statement', 'subscript'];
/** `${…}` that only yields text: a length, a default, or an affix cut off or replaced. */
const PLAIN_EXPANSION =
  /^\$\{#?(?:\w+|[@*#?$!-])(?:\[(?:[@*]|\d+)\])?(?:(?::?[-+?]|##?|%%?|\/\/?|\^\^?|,,?)[^$`<>[]*)?\}$/;
/** Variables that the shell acts on when they are set. */
const SPECIAL_NAME =
  /^(?:BASH\w*|DIRSTACK|ENV|EPOCH\w*|HIST\w*|IFS|LD_\w+|LINENO|OPTIND|PATH|PS4|RANDOM|SECONDS|SRANDOM)$/;
const LITERALS = new Set(['word', 'string', 'raw_string', 'number', 'concatenation', 'string_content', 'command_name']);
/** Where single quotes are characters like others. */
const QUOTING = new Set(['string', 'expansion', 'heredoc_body']);
/** Where a command inside a word begins. */
const SUBSTITUTION = /(?<!\\)(?:\\\\)*(`|\$[([]|[<>]\()/g;

/**
 * Whether running the text does nothing but enter directories and set variables that nobody reads: the only text
 * that needs no leave. What is not known to be harmless is not.
 */
export function isHarmless(root: Node, source: string): boolean {
  return !root.hasError && root.children.every((node) => isHarmlessStatement(node, source));
}

function isHarmlessStatement(node: Node, source: string): boolean {
  switch (node.type) {
    case 'comment':
      return isRealComment(node, source) && !/[`$]/.test(node.text);
    case 'command':
      return isCd(node) && node.children.every(isLiteral);
    case 'variable_assignments':
    case 'list':
      return node.children.every((child) => isHarmlessStatement(child, source));
    case 'variable_assignment': {
      const [name, , ...value] = node.children;
      // a value may be evaluated where the variable is a number
      return name?.type === 'variable_name' && !SPECIAL_NAME.test(name.text) && value.every(isLiteral);
    }
    default:
      return [';', '&&', '||', '\n'].includes(node.type);
  }
}

function isLiteral(node: Node): boolean {
  if (!node.isNamed) return node.text === '"';
  return LITERALS.has(node.type) && !/[$`]/.test(node.text) && node.children.every(isLiteral);
}

/** A `#` begins a comment only where a word could begin; elsewhere the shell goes on reading. */
function isRealComment(node: Node, source: string): boolean {
  const before = source.slice(Math.max(0, node.startIndex - 2), node.startIndex);
  return before === '' || (/[ \t\n;&|()<>]$/.test(before) && !before.startsWith('\\'));
}

/**
 * What the text does beside its commands, or may do where the grammar and the shell read it differently. Each part
 * begins with what makes it one, so that leave for the command around it does not cover it.
 */
export function hiddenParts(root: Node, source: string): string[] {
  const parts = [
    ...root.descendantsOfType('redirected_statement').flatMap(redirection),
    // the name of a function may be that of a command that has leave
    ...root
      .descendantsOfType('function_definition')
      .filter(hasFileRedirect)
      .map((node) => fromOperator(node.text)),
    ...root
      .descendantsOfType(EVALUATING)
      .map(textOf)
      .filter((text) => !/^\w+\[(?:[@*]|\d+)\]$/.test(text)),
    ...root
      .descendantsOfType(['compound_statement', 'subshell'])
      .map(textOf)
      .filter((text) => text.startsWith('((')),
    // an index is evaluated
    ...root
      .descendantsOfType('array')
      .map(textOf)
      .filter((text) => text.includes('[')),
    ...root
      .descendantsOfType('arithmetic_expansion')
      .map(textOf)
      .filter((text) => !/^\$\(\([\s\d()+*/%<>=!&|^~?:,-]*\)\)$/.test(text)),
    ...root
      .descendantsOfType('expansion')
      .map(textOf)
      .filter((text) => !PLAIN_EXPANSION.test(text)),
    ...root
      .descendantsOfType(['command_substitution', 'process_substitution'])
      .filter((node) => node.text.startsWith('$((') || node.descendantsOfType('command').length === 0)
      .map(textOf),
    ...assignments(root),
    ...root
      .descendantsOfType('comment')
      .filter((node) => !isRealComment(node, source))
      .map(textOf),
    ...hereDocuments(root, source),
    ...unseenSubstitutions(root, source),
    ...errors(root, source),
  ];
  return parts.filter((part) => part.trim() !== '');
}

/** Redirections of more than one command; those of a command belong to its pattern. */
function redirection(node: Node): string[] {
  const body = node.childForFieldName('body');
  if (body?.type === 'command' || !hasFileRedirect(node)) return [];
  // the grammar hangs a redirection of the last command on the whole list
  let last = body;
  while (last && (last.type === 'list' || last.type === 'pipeline')) last = last.lastNamedChild;
  const text = node.text.slice((last ?? node).startIndex - node.startIndex);
  const isCommand = last?.type === 'command' && !isCd(last);
  // leave for the last command of a pipeline is leave for where it writes
  return body?.type === 'pipeline' && isCommand ? [] : [text];
}

function hasFileRedirect(node: Node): boolean {
  const redirects = node.children.filter((child) => child.type.endsWith('_redirect'));
  return redirects
    .flatMap((redirect) => redirect.descendantsOfType('file_redirect'))
    .some((redirect) => !/^\d*(?:[<>]&\s*[\d-]+|&?>>?\s*\/dev\/null)$/.test(redirect.text));
}

/** Settings of the variables that the shell itself looks at. */
function assignments(root: Node): string[] {
  const isSpecial = (node: Node) => {
    const name = node.childForFieldName(node.type === 'for_statement' ? 'variable' : 'name');
    return name !== null && SPECIAL_NAME.test(name.text);
  };
  return root
    .descendantsOfType(['variable_assignment', 'for_statement'])
    .filter((node) => node.parent?.type !== 'command' && isSpecial(node))
    .map(textOf);
}

/** What follows the start of a here-document on its line, and what comes after the line that ends it for the shell. */
function hereDocuments(root: Node, source: string): string[] {
  const starts = root.descendantsOfType('heredoc_start');
  return starts.flatMap((start) => {
    const lineEnd = endOfLine(source, start.endIndex);
    const tail = fromOperator(source.slice(start.endIndex, lineEnd));
    const delimiter = /^(["']?)(\w+)\1$/.exec(start.text)?.[2];
    const parts = tail === '' || !/[;&|`<]/.test(tail) ? [] : [tail];
    // a delimiter with a spelling of its own, and a line with two of them, are beyond this check
    if (delimiter === undefined) return [...parts, fromOperator(source.slice(start.startIndex - 2))];
    const tabs = source.slice(0, start.startIndex).trimEnd().endsWith('<<-');
    for (let at = lineEnd + 1; at <= source.length;) {
      const end = endOfLine(source, at);
      const line = source.slice(at, end);
      if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) {
        const known = root
          .descendantsOfType('heredoc_end')
          .some((node) => node.startIndex >= at && node.endIndex <= end);
        return known ? parts : [...parts, source.slice(end)];
      }
      at = end + 1;
    }
    return parts;
  });
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

/** Substitutions in the text that the tree does not know: the grammar took them for words. */
function unseenSubstitutions(root: Node, source: string): string[] {
  const quoted = [
    ...root.descendantsOfType(['raw_string', 'ansi_c_string']).filter((node) => !isInside(node, QUOTING)),
    ...root.descendantsOfType('heredoc_body').filter(isVerbatim),
  ];
  const seen = new Set<number>();
  const bodies = root.descendantsOfType(['command_substitution', 'process_substitution', 'arithmetic_expansion']);
  for (const node of bodies) {
    seen.add(node.startIndex);
    if (node.text.endsWith('`')) seen.add(node.endIndex - 1);
  }
  // in backquotes a backslash hides what is run all the same
  const nested = bodies.filter((node) => node.text.startsWith('`') && node.text.includes('\\'));
  if (nested[0]) return nested.map(textOf);
  for (const match of source.matchAll(SUBSTITUTION)) {
    const at = match.index + match[0].length - (match[1]?.length ?? 0);
    if (seen.has(at) || quoted.some((node) => node.startIndex <= at && at < node.endIndex)) continue;
    return [source.slice(at)];
  }
  return [];
}

/** From where the grammar was lost to the end. */
function errors(root: Node, source: string): string[] {
  if (!root.hasError) return [];
  const rest = source.slice(lostAt(root));
  // a quotation that never ends is the shell's end too
  if (/^\s*(["'])[^"'$`\\\n]*$/.test(rest)) return [];
  return [fromOperator(rest)];
}

function lostAt(node: Node): number {
  if (node.type === 'ERROR' || node.isMissing) return node.startIndex;
  const broken = node.children.find((child) => child.hasError || child.isError || child.isMissing);
  return broken ? lostAt(broken) : node.startIndex;
}

/** Leaves out the words at the start, which may look like a command that has leave. */
function fromOperator(text: string): string {
  const at = text.search(/[;&|<>(){}`$"'\n]/);
  return at < 0 ? text : text.slice(at);
}

/** Whether a command only enters a directory. Other spellings of the name are not worth the risk. */
export function isCd(command: Node): boolean {
  return /^(?:cd|\\cd|"cd"|'cd')(?=[ \t]|$)/.test(command.text);
}

function isInside(node: Node, types: ReadonlySet<string>): boolean {
  for (let up = node.parent; up; up = up.parent) if (types.has(up.type)) return true;
  return false;
}

/** Whether the delimiter of a here-document is quoted, so that the shell expands nothing in its body. */
function isVerbatim(body: Node): boolean {
  return body.parent?.children.some((node) => node.type === 'heredoc_start' && /^["']/.test(node.text)) ?? false;
}

function textOf(node: Node): string {
  return node.text;
}
