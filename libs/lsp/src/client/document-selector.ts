import { matchesGlob } from 'node:path';
import { languageId } from './language-id.js';

/** A kind of file, as servers describe it. */
export interface DocumentFilter {
  language?: string;
  scheme?: string;
  pattern?: string | { pattern?: string };
}

/** Whether a file is one of those a server speaks of; without a selector all are. */
export function selects(selector: readonly DocumentFilter[] | null | undefined, path: string): boolean {
  if (!Array.isArray(selector)) return true;
  return (selector as readonly DocumentFilter[]).some(({ language, scheme, pattern }) => {
    const glob = typeof pattern === 'string' ? pattern : pattern?.pattern;
    return (
      (language === undefined || language === '*' || language === languageId(path)) &&
      (scheme === undefined || scheme === 'file') &&
      (glob === undefined || matchesGlob(path, glob))
    );
  });
}
