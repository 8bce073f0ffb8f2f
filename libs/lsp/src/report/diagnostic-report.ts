import { type Diagnostic, type DiagnosticMap, isError } from '../client/diagnostic.js';

/** Lines shown of one file. */
const MAX_LINES = 20;
/** Files shown beside the one that was written. */
const MAX_OTHERS = 5;

/**
 * What the language servers say after files were changed. The texts begin with an empty line, to stand behind the
 * output of a tool; they are empty when there is no error.
 */
export class DiagnosticReport {
  constructor(
    /** Everything that is known, by absolute path: the metadata of a tool. `{}` when nothing is. */
    readonly all: DiagnosticMap,
  ) {}

  /** The errors of the one file that was changed. */
  ofFile(path: string): string {
    return section('in this file, please fix', path, this.all[path]);
  }

  /** The errors of the file that was written, and of others that it may have broken. */
  ofProject(path: string): string {
    let others = 0;
    return Object.entries(this.all)
      .map(([file, list]) => {
        if (file === path) return this.ofFile(path);
        const text = section('in other files', file, list);
        return text === '' || ++others > MAX_OTHERS ? '' : text;
      })
      .join('');
  }

  /** The errors of several changed files: absolute path → how the file is called. */
  ofFiles(names: ReadonlyMap<string, string>): string {
    return [...names].map(([path, name]) => section(`in ${name}, please fix`, path, this.all[path])).join('');
  }
}

function section(where: string, path: string, diagnostics: readonly Diagnostic[] = []): string {
  const errors = diagnostics.filter(isError);
  if (errors.length === 0) return '';
  const lines = errors.slice(0, MAX_LINES).map(errorLine);
  if (errors.length > MAX_LINES) lines.push(`... and ${errors.length - MAX_LINES} more`);
  return `\n\nLSP errors detected ${where}:\n<diagnostics file="${path}">\n${lines.join('\n')}\n</diagnostics>`;
}

const errorLine = ({ range, message }: Diagnostic) =>
  `ERROR [${range.start.line + 1}:${range.start.character + 1}] ${message}`;
