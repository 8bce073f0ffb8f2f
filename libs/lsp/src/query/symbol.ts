import type { Range, WorkspaceSymbol } from '#libs/contract';

/** Kinds that people search for: class, method, enum, interface, function, variable, constant, struct. */
const SEARCHED = new Set([5, 6, 10, 11, 12, 13, 14, 23]);
/** Symbols taken of one server. */
const MAX_OF_SERVER = 10;
const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A symbol of a document: nested with ranges of its own, or flat with a location. */
interface DocumentSymbol {
  range?: Range;
  location?: { range?: Range };
  children?: unknown;
}

/** What clients are shown of the answer of one server to `workspace/symbol`. */
export function foundSymbols(answer: unknown): WorkspaceSymbol[] {
  return listOf(answer)
    .filter(isWorkspaceSymbol)
    .filter(({ kind }) => SEARCHED.has(kind))
    .slice(0, MAX_OF_SERVER)
    .map(({ name, kind, location }) => ({
      name,
      kind,
      location: { uri: location.uri, range: location.range ?? START },
    }));
}

/** The whole range of the symbol that begins in a line, the outermost one. */
export function rangeStartingAt(answer: unknown, line: number): Range | undefined {
  for (const symbol of listOf(answer) as DocumentSymbol[]) {
    const range = symbol?.range ?? symbol?.location?.range;
    if (range?.start.line === line) return range;
    const nested = rangeStartingAt(symbol?.children, line);
    if (nested) return nested;
  }
  return undefined;
}

const listOf = (answer: unknown): unknown[] => (Array.isArray(answer) ? answer : []);

function isWorkspaceSymbol(
  value: unknown,
): value is { name: string; kind: number; location: { uri: string; range?: Range } } {
  const { name, kind, location } = (value ?? {}) as Partial<WorkspaceSymbol>;
  return typeof name === 'string' && typeof kind === 'number' && typeof location?.uri === 'string';
}
