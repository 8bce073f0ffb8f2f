import type { Instance } from '#libs/instance';
import type { LanguageClient } from '../client/language-client.js';
import { type Diagnostic, type DiagnosticMap, gravest } from '../client/diagnostic.js';

/** Diagnostics of files nobody asked about that are handed on; a large project can have any number. */
const MAX_OTHERS = 500;
/** Diagnostics of one file that are handed on. */
const MAX_OF_FILE = 200;

/**
 * What several servers know of the files of a project, in the order in which they learned of them; `paths` are no
 * others. Of libraries that are elsewhere nobody wants to know what is wrong.
 */
export function collectDiagnostics(
  instance: Instance,
  clients: readonly LanguageClient[],
  paths: readonly string[],
): DiagnosticMap {
  const asked = new Set(paths);
  const lists = new Map<string, Diagnostic[]>();
  let others = 0;
  for (const { all } of clients) {
    for (const [path, list] of all) {
      if (list.length === 0 || !instance.contains(path)) continue;
      const own = asked.has(path);
      if (!own && others >= MAX_OTHERS) continue;
      const known = lists.get(path) ?? [];
      const taken = gravest(list, MAX_OF_FILE - known.length);
      if (!own) others += taken.length;
      lists.set(path, [...known, ...taken]);
    }
  }
  return Object.fromEntries(lists);
}
