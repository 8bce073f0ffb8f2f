import { fileURLToPath } from 'node:url';
import type { Range } from '#libs/contract';

/** What is wrong with a place of a file, as the protocol has it. */
export interface Diagnostic {
  range: Range;
  message: string;
  /** 1 error, 2 warning, 3 information, 4 hint; may be absent. */
  severity?: number;
  code?: number | string;
  source?: string;
  [more: string]: unknown;
}

/** Absolute path → what servers say of that file. */
export type DiagnosticMap = Record<string, Diagnostic[]>;

/** The notification `textDocument/publishDiagnostics`. */
export interface PublishedDiagnostics {
  uri: string;
  diagnostics: Diagnostic[];
  /** Of the text they are about, when the server says so. */
  version?: number | null;
}

export const isError = ({ severity }: Diagnostic): boolean => severity === 1;

/** At most so many of a list: all in their order, or else the gravest. */
export function gravest(list: readonly Diagnostic[], count: number): readonly Diagnostic[] {
  if (list.length <= count) return list;
  return list.toSorted((one, other) => (one.severity ?? 5) - (other.severity ?? 5)).slice(0, count);
}

/** Absolute path of a `file:` URI; undefined for anything else, such as an unsaved document. */
export function pathOfUri(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
