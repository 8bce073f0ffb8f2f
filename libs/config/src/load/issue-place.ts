import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Issue } from '#libs/contract';

/** The text of a configuration. */
export interface ConfigText {
  readonly path: string;
  /** As it was parsed: placeholders replaced. */
  readonly text: string;
  /** As it stands in the file. */
  readonly original: string;
}

/** Where something is in a file, counted from one. */
interface Place {
  line: number;
  /** Absent where placeholders of the line were replaced. */
  column?: number;
}

/** Adds to each issue the line and column of what it is about. */
export function withPlaces(issues: readonly Issue[], source: ConfigText): Issue[] {
  const tree = parseTree(source.text, [], { allowTrailingComma: true });
  return issues.map((issue) => {
    const node = tree && nodeOf(tree, issue);
    return node ? { ...issue, ...placeOf(node.offset, source) } : issue;
  });
}

/** Of an unknown key the key, of a missing one the object that lacks it. */
function nodeOf(tree: Node, issue: Issue): Node | undefined {
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (key !== undefined) return findNodeAtLocation(tree, [...issue.path, key])?.parent?.children?.[0];
  for (let path = issue.path; ; path = path.slice(0, -1)) {
    const node = findNodeAtLocation(tree, path);
    if (node || path.length === 0) return node;
  }
}

function placeOf(offset: number, { text, original }: ConfigText): Place {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const unchanged = text.split('\n')[line - 1] === original.split('\n')[line - 1];
  return { line, ...(unchanged && { column: (before.at(-1)?.length ?? 0) + 1 }) };
}
