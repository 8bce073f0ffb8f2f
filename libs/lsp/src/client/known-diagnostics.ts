import { type Diagnostic, gravest } from './diagnostic.js';

/** Files that are remembered; past it the one that was heard of first is forgotten. */
const MAX_FILES = 5000;
/** Diagnostics that are kept of one list, the gravest if it is longer. */
const MAX_OF_LIST = 500;

/**
 * What one server has said of files. It may say it in several ways at once, of which each has a list of its own: those
 * that it publishes, and those that it gives when it is asked.
 */
export class KnownDiagnostics implements Iterable<[path: string, diagnostics: readonly Diagnostic[]]> {
  private readonly lists = new Map<string, Map<string, readonly Diagnostic[]>>();

  /** Takes the place of what the same source said before. */
  set(path: string, source: string, diagnostics: readonly unknown[]): void {
    const kept = gravest(diagnostics.filter(isDiagnostic), MAX_OF_LIST);
    const known = this.lists.get(path);
    if (known) known.set(source, kept);
    else this.lists.set(path, new Map([[source, kept]]));
    const [oldest] = this.lists.keys();
    if (this.lists.size > MAX_FILES && oldest !== undefined) this.lists.delete(oldest);
  }

  get(path: string): readonly Diagnostic[] {
    const [list = [], ...more] = this.lists.get(path)?.values() ?? [];
    if (more.length === 0) return list;
    // what is said in two ways is said once
    const all = [list, ...more].flat().map((item) => [JSON.stringify([item.range, item.message]), item] as const);
    return [...new Map(all).values()];
  }

  /** @param but the source whose list stays */
  forget(path: string, but?: string): void {
    const kept = but === undefined ? undefined : this.lists.get(path)?.get(but);
    this.lists.delete(path);
    if (but !== undefined && kept) this.lists.set(path, new Map([[but, kept]]));
  }

  *[Symbol.iterator](): Generator<[string, readonly Diagnostic[]]> {
    for (const path of this.lists.keys()) yield [path, this.get(path)];
  }
}

/** Whether it can be shown; a server may say anything. */
function isDiagnostic(value: unknown): value is Diagnostic {
  const { range, message } = (value ?? {}) as Partial<Diagnostic>;
  return (
    typeof message === 'string' &&
    [range?.start?.line, range?.start?.character, range?.end?.line, range?.end?.character].every(Number.isInteger)
  );
}
